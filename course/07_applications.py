# %% [markdown]
# (This unit is being written by another helper since 03:39: if you are the writer of unit 06, leave 07 to them and finish 06.)
