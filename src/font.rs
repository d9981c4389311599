//! Faces: metrics, coverage, subsets. Sole user of `ttf-parser` and `subsetter`.
