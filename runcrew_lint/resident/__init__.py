"""A process that stays: what one run has imported and read is there for the next.

A hook pays for starting Python and importing the linter each time, which is most of what it takes to look at
one changed file. With RUNCREW_LINT_RESIDENT=1 in the environment the console script asks a process of the
same user that has done so before, and leaves one behind where there is none. The answer is that of a run of
its own: the same command line, folder, environment and streams, and facts that are kept by the content of
what they were read from. Whatever speaks against asking, from a busy resident to another edition of the
linter, is no error: the run is made here, as ever.
"""
