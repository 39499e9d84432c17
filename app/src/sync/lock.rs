//! One uploader at a time among the tabs of a browser (S12). Where Web Locks are missing, each tab is on its own: the
//! server takes a repeated push for the no-op that it is (S16).

use js_sys::{Function, Promise, Reflect};
use std::future::Future;
use tokio::sync::oneshot;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// Runs `work` while this tab holds the lock of this name.
pub async fn with_lock<R>(name: &str, work: impl Future<Output = R>) -> R {
    let (granted, wait) = oneshot::channel();
    let held = hold(name, granted);
    if held.is_some() {
        // The sender goes away without a word only if the browser drops the request; then nobody else is in the way.
        wait.await.ok();
    }
    let result = work.await;
    if let Some(release) = held {
        release.call0(&JsValue::NULL).ok();
    }
    result
}

/// Asks for the lock; calling what it returns lets it go.
fn hold(name: &str, granted: oneshot::Sender<()>) -> Option<Function> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let mut release = None;
    let until_released = Promise::new(&mut |resolve, _| release = Some(resolve));
    let callback = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
        granted.send(()).ok();
        until_released.into()
    });
    request.call2(&locks, &name.into(), &callback).ok()?;
    release
}
