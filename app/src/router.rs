//! Addresses and their pages, and the history between them. The product has a dozen addresses, none needs the network to
//! be known, and a page is there in the same task as the tap that asked for it: a table and two listeners are enough.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlAnchorElement, MouseEvent};

/// A page and its address, whose parts that begin with `:` are parameters: `/products/:code`.
pub struct Route {
    /// The address.
    pub path: &'static str,
    /// The page.
    pub page: fn() -> AnyView,
}

/// What becomes of the address that one leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// The way back leads to it.
    Keep,
    /// The new one takes its place.
    Replace,
}

/// The addresses of one bundle; a handle to copy around.
#[derive(Clone, Copy)]
pub struct Router {
    routes: &'static [Route],
    path: RwSignal<String>,
    /// Which route; none for an unknown address.
    found: RwSignal<Option<usize>>,
    here: StoredValue<Option<Here>>,
}

/// The address of the page that stands now. Each page has its own: one that is about to go never sees the next one's.
#[derive(Clone, Copy)]
struct Here {
    pattern: &'static str,
    path: RwSignal<String>,
}

/// Follows links and the history from now on, and puts the router into the context.
pub fn provide_router(routes: &'static [Route]) -> Router {
    let path = window().location().pathname().unwrap_or_default();
    let found = RwSignal::new(find(routes, &path));
    let router = Router { routes, path: RwSignal::new(path), found, here: StoredValue::new(None) };
    window_event_listener(ev::click, move |event| router.follow(&event));
    window_event_listener(ev::popstate, move |_| router.arrive(window().location().pathname().unwrap_or_default()));
    provide_context(router);
    router
}

/// The router of this app.
pub fn use_router() -> Router {
    expect_context()
}

/// A parameter of the address; it changes while the page stays, as from one product's sheet to the next.
pub fn use_parameter(name: &'static str) -> Signal<String> {
    let Here { pattern, path } = expect_context();
    Signal::derive(move || path.with(|path| parameter(pattern, path, name)))
}

/// What the address says after `?` under this name.
pub fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

impl Router {
    /// The path now.
    pub fn path(self) -> Signal<String> {
        self.path.into()
    }

    /// Whether a page has this path.
    pub fn is_known(self) -> Signal<bool> {
        Memo::new(move |_| self.found.get().is_some()).into()
    }

    /// The page of the path, or what is said of one that leads nowhere.
    pub fn page(self, unknown: fn() -> AnyView) -> impl Fn() -> AnyView + Copy + Send + Sync {
        move || {
            let Some(route) = self.found.get().and_then(|place| self.routes.get(place)) else {
                self.here.set_value(None);
                return unknown();
            };
            let here = Here { pattern: route.path, path: RwSignal::new(self.path.get_untracked()) };
            self.here.set_value(Some(here));
            provide_context(here);
            (route.page)()
        }
    }

    /// Goes to an address of this bundle, `/work?x=1`.
    pub fn go(self, address: &str, leave: Leave) {
        let location = window().location();
        let Ok(history) = window().history() else {
            return;
        };
        let now = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
        // Our own origin: neither has a way to fail.
        match leave {
            Leave::Replace => history.replace_state_with_url(&JsValue::NULL, "", Some(address)).unwrap_or_default(),
            Leave::Keep if now == address => {}
            Leave::Keep => history.push_state_with_url(&JsValue::NULL, "", Some(address)).unwrap_or_default(),
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
        self.arrive(location.pathname().unwrap_or_default());
    }

    fn arrive(self, path: String) {
        let found = find(self.routes, &path);
        if self.path.with_untracked(|before| *before != path) {
            self.path.set(path.clone());
        }
        if found != self.found.get_untracked() {
            self.found.set(found);
        } else if let Some(here) = self.here.get_value()
            && here.path.with_untracked(|before| *before != path)
        {
            here.path.set(path);
        }
    }

    /// A touch on a link of our own. Everything else is the browser's: other origins, other windows, downloads, and what
    /// says `rel="external"` (the other bundle).
    fn follow(self, event: &MouseEvent) {
        let other_key = event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key();
        if event.default_prevented() || event.button() != 0 || other_key {
            return;
        }
        let touched = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let link = touched.and_then(|touched| touched.closest("a[href]").ok().flatten());
        let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else {
            return;
        };
        let external = link.rel().split(' ').any(|word| word == "external");
        let elsewhere = Some(link.origin()) != window().location().origin().ok();
        if external || elsewhere || !link.target().is_empty() || link.has_attribute("download") {
            return;
        }
        event.prevent_default();
        self.go(&(link.pathname() + &link.search()), Leave::Keep);
    }
}

fn find(routes: &[Route], path: &str) -> Option<usize> {
    routes.iter().position(|route| fits(route.path, path))
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (parts(pattern), parts(path));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted == given || wanted.starts_with(':') => {}
            _ => return false,
        }
    }
}

fn parameter(pattern: &str, path: &str, name: &str) -> String {
    let mut both = parts(pattern).zip(parts(path));
    let found = both.find(|(part, _)| part.strip_prefix(':') == Some(name));
    found.map(|(_, value)| value.to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn an_address_fits_as_a_whole_and_names_its_parameters() {
        let pattern = "/rounds/:round/products/:code/sheet";
        assert!(fits(pattern, "/rounds/visit/products/AGI-001/sheet"));
        assert!(fits("/", "/") && fits("/work", "/work/"));
        for path in ["/rounds/visit/products/AGI-001", "/rounds/visit/products/AGI-001/sheet/x", "/work", "/"] {
            assert!(!fits(pattern, path), "{path}");
        }
        assert_eq!(parameter(pattern, "/rounds/visit/products/AGI-001/sheet", "code"), "AGI-001");
        assert_eq!(parameter(pattern, "/rounds/visit/products/AGI-001/sheet", "other"), "");
    }
}
