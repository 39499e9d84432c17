//! Photos that the server refuses: they wait until their juror asks for another attempt, or takes them off (S18).

use super::album::Album;
use super::core::{Core, Juror};
use crate::store::{ActProblem, WaitingPhoto};
use crate::sync::{News, Want};
use domain::photo::Photo;
use domain::sync::chain::OpHash;
use domain::sync::replica::waiting_photos;
use leptos::prelude::{Update, WithUntracked};
use std::collections::BTreeSet;
use std::future::Future;
use std::rc::Rc;

impl Core {
    /// Takes a photo off. One that the server refused is waited for no more then.
    pub fn detach(
        self: &Rc<Self>,
        album: &Album,
        sha256: OpHash,
    ) -> impl Future<Output = Result<(), ActProblem>> + use<> {
        let (core, written, juror) = (self.clone(), self.write(album.detach(sha256)), self.juror());
        async move {
            written.await?;
            if let Some(juror) = juror {
                core.give_up_refused(&juror).await;
            }
            Ok(())
        }
    }

    /// What the server refuses and no sheet or record shows any more waits no more, whoever took it off (S18).
    pub async fn give_up_refused(&self, juror: &Juror) {
        let mut refused = self.sheets.collect(|record| unseen(waiting_photos([record], []), &record.sheet.photos()));
        refused.extend(self.visits.collect(|record| unseen(waiting_photos([], [record]), &record.visit.photos())));
        self.signals.refused_photos.with_untracked(|known| {
            refused.retain(|waiting| known.contains_key(&waiting.photo.sha256));
        });
        if refused.is_empty() {
            return;
        }
        // What can't be written now is tried after the next conversation.
        if let Ok((sheets, visits)) = juror.store.give_up_photos(&refused).await {
            self.take_news(juror.store.name(), News::Sheets(sheets));
            self.take_news(juror.store.name(), News::Visits(visits));
            if self.forget_refused() {
                // How things stand without them.
                juror.worker.poke(Want::Everything);
            }
        }
    }

    /// Forgets refusals of what waits no more; whether there were any.
    pub fn forget_refused(&self) -> bool {
        let waiting: BTreeSet<_> = self.waiting_photos().into_iter().map(|waiting| waiting.photo.sha256).collect();
        let refused = self.signals.refused_photos;
        let some = refused.with_untracked(|refused| refused.keys().any(|sha256| !waiting.contains(sha256)));
        if some {
            refused.update(|refused| refused.retain(|sha256, _| waiting.contains(sha256)));
        }
        some
    }
}

fn unseen(mut waiting: Vec<WaitingPhoto>, shown: &[Photo]) -> Vec<WaitingPhoto> {
    waiting.retain(|one| !shown.contains(&one.photo));
    waiting
}
