//! The jurors' bundle. Jurors never download the organisers' code: see `desk.rs`.

fn main() {
    app::tablet();
}
