"""The corridor: discover, analyse (map), judge (reduce), excuse, mend."""
