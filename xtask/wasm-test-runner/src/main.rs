//! Runs the WebAssembly tests of `app` in a real browser. Cargo starts it as the target's runner; the version is the one
//! of `wasm-bindgen` in Cargo.lock, and nothing has to be installed.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
