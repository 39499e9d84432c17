//! One control a file. A component shows what it is given and says what was done to it; it fetches nothing.

pub mod app_bar;
pub mod blank_states;
pub mod chip;
pub mod criterion_row;
pub mod dialog;
pub mod erased;
pub mod gradual;
pub mod icon;
pub mod keyed;
pub mod keypad;
pub mod menu;
pub mod notices;
pub mod page_frame;
pub mod picture;
pub mod preferences;
pub mod presence;
pub mod reason_dialog;
pub mod review_dialog;
pub mod score_pad;
pub mod search_field;
pub mod several_dialog;
pub mod sign_out;
pub mod state_line;
pub mod text_area;
pub mod value_choice;
