//! The organisers' bundle: every page under `/desk`.

fn main() {
    app::desk();
}
