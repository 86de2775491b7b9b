"""Pictures to ink, and a picture's ink to digits.

`loading` opens a picture of any kind, and `paper` or `photos` tells its ink from the paper, with
`shading`, `colours`, `blobs` and `ruling`. `pages` levels the writing, `rows` are its lines, `cuts`
and `slices` part what touches, and `numbers` reads the digits of a line.
"""
