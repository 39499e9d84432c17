//! The tablet's store and its sync in a real browser: IndexedDB and Web Locks exist nowhere else. Every test names the
//! rule of docs/SYNC.md that it proves.

#[cfg(test)]
mod behind_fetch;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod edition;
#[cfg(test)]
mod on_the_way;
#[cfg(test)]
mod people;
#[cfg(test)]
mod photos;
#[cfg(test)]
mod pulls;
#[cfg(test)]
mod rescue;
#[cfg(test)]
mod server;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tablet;
#[cfg(test)]
mod turns;
#[cfg(test)]
mod versions;
#[cfg(test)]
mod visits;
#[cfg(test)]
mod writes;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
