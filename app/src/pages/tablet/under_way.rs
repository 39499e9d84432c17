//! Acts that are being made of drafts. One that was asked for and isn't written yet is what stands in its cell, whatever the
//! store still says: what is finished after it is compared with it.

/// What each says, in the order in which they were asked for, which is that in which they end.
pub struct UnderWay<C>(Vec<(C, String)>);

impl<C> Default for UnderWay<C> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<C: PartialEq> UnderWay<C> {
    /// What the newest one says about a cell; none if nothing is under way there.
    pub fn newest(&self, cell: &C) -> Option<String> {
        self.0.iter().rfind(|(other, _)| other == cell).map(|(_, text)| text.clone())
    }

    /// One was asked for.
    pub fn begin(&mut self, cell: C, text: String) {
        self.0.push((cell, text));
    }

    /// The first one about a cell is written, or has failed.
    pub fn end(&mut self, cell: &C) {
        if let Some(place) = self.0.iter().position(|(other, _)| other == cell) {
            self.0.remove(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// S6: to and fro, faster than the store writes.
    #[wasm_bindgen_test]
    fn s6_what_was_finished_last_stands_until_it_is_written() {
        let mut under_way = UnderWay::default();
        for text in ["3", "2", "3"] {
            under_way.begin("1.1", text.to_owned());
        }
        under_way.begin("1.2", "5".to_owned());
        assert_eq!(under_way.newest(&"1.1").as_deref(), Some("3"));
        under_way.end(&"1.1");
        under_way.end(&"1.1");
        assert_eq!(under_way.newest(&"1.1").as_deref(), Some("3"), "the first one's end is not the last one's");
        under_way.end(&"1.1");
        assert_eq!(under_way.newest(&"1.1"), None);
        assert_eq!(under_way.newest(&"1.2").as_deref(), Some("5"));
    }
}
