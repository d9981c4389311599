//! Fixed parts of a batch, for processes that share it.

use std::ops::Range;

/// A fixed part of a batch: shard `index` (from 1) of `count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Self = Self { index: 1, count: 1 };
    /// Most shards.
    pub const MOST: usize = 10_000;

    /// Reads "3/16".
    ///
    /// # Errors
    /// A Vietnamese sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').map(|(index, count)| (index.parse(), count.parse()));
        match parts {
            Some((Ok(index), Ok(count))) if (1..=Self::MOST).contains(&count) && (1..=count).contains(&index) => {
                Ok(Self { index, count })
            }
            _ => Err("Ghi phần thứ mấy trên tổng số phần, ví dụ 3/16.".to_owned()),
        }
    }

    /// Whether it is the first.
    pub(super) fn is_first(self) -> bool {
        self.index == 1
    }

    /// Its rows among `rows`: blocks that follow one another and differ in size by one at most.
    #[must_use]
    pub fn range(self, rows: usize) -> Range<usize> {
        (self.index - 1) * rows / self.count..self.index * rows / self.count
    }

    /// What the names of its files have before their ending: `-03-of-16`, or nothing for the whole.
    #[must_use]
    pub fn suffix(self) -> String {
        if self == Self::WHOLE {
            return String::new();
        }
        let width = self.count.to_string().len();
        format!("-{:0width$}-of-{}", self.index, self.count)
    }

    /// Name of its result file.
    #[must_use]
    pub fn results(self) -> String {
        format!("ket-qua{}.jsonl", self.suffix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_blocks_that_make_up_the_whole() {
        for (rows, count) in [(0, 3), (1, 16), (15, 16), (16, 16), (17, 16), (10_000, 16), (100, 7)] {
            let ranges: Vec<Range<usize>> = (1..=count).map(|index| Shard { index, count }.range(rows)).collect();
            assert_eq!((ranges[0].start, ranges[count - 1].end), (0, rows));
            assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
            let sizes = ranges.iter().map(ExactSizeIterator::len);
            assert!(sizes.clone().max().unwrap() - sizes.min().unwrap() <= 1, "{rows} rows, {count} shards");
        }
    }

    #[test]
    fn shards_are_read_and_named() {
        assert_eq!(Shard::parse("3/16").map(Shard::results), Ok("ket-qua-03-of-16.jsonl".to_owned()));
        assert_eq!(Shard::parse("1/1").map(Shard::results), Ok("ket-qua.jsonl".to_owned()));
        for text in ["0/16", "17/16", "3", "3/0", "a/b", "-1/2", "1/2/3", "1/99999"] {
            assert!(Shard::parse(text).is_err(), "{text}");
        }
    }
}
