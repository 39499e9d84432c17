//! A server behind `window.fetch`, for tests that use the handle which the screens hold.

use crate::server::{TestServer, Weather};
use app::net::Reply;
use app::session::SignedIn;
use app::store::Store;
use app::store::device::{DEVICE, Device};
use app::sync::Server;
use app::tablet::{Phase, Problem, Tablet, provide_tablet};
use domain::api::SignIn;
use domain::sync::wire::RegisterReplica;
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use leptos::prelude::{GetUntracked, Owner};
use std::cell::OnceCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// The tablet of this page, as the app makes it: once, for it listens as long as the page lives. Nobody is signed in.
pub async fn tablet() -> Tablet {
    thread_local! {
        static TABLET: OnceCell<Tablet> = const { OnceCell::new() };
    }
    let tablet = TABLET.with(|tablet| {
        *tablet.get_or_init(|| {
            let owner = Owner::new();
            owner.set();
            std::mem::forget(owner);
            provide_tablet()
        })
    });
    until("the start", || tablet.phase().get_untracked() != Phase::Starting).await;
    // A test that failed has left it as it was.
    tablet.sign_out().await.unwrap();
    tablet
}

/// Signs in, with whatever password.
pub async fn sign_in(tablet: Tablet, name: &str) -> Result<SignedIn, Problem> {
    tablet.sign_in(name.to_owned(), "mật khẩu".to_owned()).await
}

/// The store of whoever is signed in, once it has taken in what the server has and the screens have not heard of: no network
/// brings it to them.
pub async fn taken_in_unseen(server: &TestServer) -> Store {
    server.weather.set(Weather::NoNetwork);
    let there = Device::open(DEVICE).await.unwrap().signed_in().await.unwrap().unwrap();
    let store = Store::open(&there.database).await.unwrap();
    store.take(&server.page_for(there.who.user, ""), store.cursor().await.unwrap().as_deref()).await.unwrap();
    store
}

/// Waits, task by task, until something holds that other tasks bring about.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..10_000 {
        if holds() {
            return;
        }
        let next_task = Function::new_no_args("return new Promise((done) => setTimeout(done))");
        let promise: Promise = next_task.call0(&JsValue::NULL).unwrap().dyn_into().unwrap();
        JsFuture::from(promise).await.unwrap();
    }
    panic!("waited in vain for {what}");
}

/// Puts a server behind `window.fetch` until it is dropped.
pub struct Fetch {
    original: JsValue,
}

impl Fetch {
    pub fn from(server: Rc<TestServer>) -> Self {
        let answer = Closure::<dyn FnMut(String, String, String) -> Promise>::new(
            move |method: String, path: String, body: String| {
                let server = server.clone();
                future_to_promise(async move {
                    let reply = route(&server, &method, &path, &body).await.ok_or(JsValue::from_str("no network"))?;
                    let parts: [JsValue; 3] =
                        [reply.status.into(), reply.marked.into(), Uint8Array::from(&reply.body[..]).into()];
                    Ok(parts.into_iter().collect::<Array>().into())
                })
            },
        );
        let window = web_sys::window().unwrap();
        let original = Reflect::get(&window, &"fetch".into()).unwrap();
        let fetch = Function::new_with_args(
            "answer",
            "return async (path, init) => {
               const sent = init.body ?? '';
               // A photo's bytes, a character each.
               const text = typeof sent === 'string' ? sent : Array.from(sent, (byte) => String.fromCharCode(byte)).join('');
               const [status, marked, body] = await answer(init.method, path, text);
               const empty = status === 204;
               return new Response(empty ? null : body, { status, headers: marked ? { 'x-binhchon': '1' } : {} });
             }",
        );
        let fetch = fetch.call1(&JsValue::NULL, &answer.into_js_value()).unwrap();
        Reflect::set(&window, &"fetch".into(), &fetch).unwrap();
        Self { original }
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        Reflect::set(&web_sys::window().unwrap(), &"fetch".into(), &self.original).unwrap();
    }
}

async fn route(server: &TestServer, method: &str, path: &str, body: &str) -> Option<Reply> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    match (method, path) {
        ("POST", "/api/v1/session") => {
            let asked: SignIn = serde_json::from_str(body).unwrap();
            server.sign_in(&asked.name).await
        }
        ("DELETE", "/api/v1/session") => server.sign_out().await,
        ("GET", "/api/v1/session") => server.who().await,
        ("POST", "/api/v1/replicas") => {
            let asked: RegisterReplica = serde_json::from_str(body).unwrap();
            server.register(&asked).await
        }
        ("POST", "/api/v1/sync/push") => server.push(&serde_json::from_str(body).unwrap()).await,
        ("GET", "/api/v1/sync/pull") => {
            let cursor = query.strip_prefix("cursor=").unwrap().replace("%2F", "/");
            server.pull(Some(&cursor)).await
        }
        ("POST", "/api/v1/photos/wanted") => server.ask_photos(&serde_json::from_str(body).unwrap()).await,
        ("PUT", path) => {
            let sha256 = path.strip_prefix("/api/v1/photos/").unwrap().parse().unwrap();
            server.put_photo(sha256, body.chars().map(|byte| byte as u8).collect()).await
        }
        other => panic!("no such route: {other:?}"),
    }
}
