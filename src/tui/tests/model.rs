//! The dashboard against a model of it: whatever order answers, refusals and switches come in, the screen shows what the model says.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use proptest::prelude::*;

use super::world::{answer_message, answered, blank, enter, opened, place, press, text};
use crate::model::{Answer, Denial, Generation, Instance, InstanceId, Place, Ssm, SsmStatus, Why};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::message::{Message, Opened};
use crate::tui::state::State;
use crate::tui::trouble::{Trouble, TroubleKind};

const REGIONS: [&str; 3] = ["ap-northeast-2", "us-east-1", "eu-west-1"];

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Switch(usize),
    Refresh,
    Stop,
    /// An answer to the newest asking, or to an older one, counted from the newest.
    Answer(usize, Said),
}

#[derive(Debug, Clone)]
enum Said {
    Page(Vec<(u8, u8)>),
    Listed,
    Registered(Vec<(u8, bool)>),
    RegistrationsListed,
    RegistrationsRefused,
    Ended(bool),
}

/// What the screen should say of a registration: the word in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Pending,
    Refused,
    Unasked,
    Known(&'static str),
}

impl Word {
    fn after_refusal(self) -> Self {
        if let Self::Known(_) = self { self } else { Self::Refused }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Pending => "…",
            Self::Refused => "? busy",
            Self::Unasked => "? unasked",
            Self::Known(word) => word,
        }
    }
}

/// What is known of the region that is shown.
#[derive(Debug, Default)]
struct Model {
    region: usize,
    asking: Option<Generation>,
    rows: BTreeMap<InstanceId, (u8, Word)>,
    seen: BTreeSet<InstanceId>,
    registered: BTreeMap<InstanceId, &'static str>,
    is_listed: bool,
    /// `None`: still to come; whether all registrations were told.
    is_told: Option<bool>,
}

impl Model {
    fn switch(&mut self, region: usize) {
        *self = Self { region, ..Self::default() };
    }

    fn ask(&mut self, generation: Generation) {
        let mut rows = std::mem::take(&mut self.rows);
        for (_, word) in rows.values_mut().filter(|(_, word)| *word == Word::Unasked) {
            *word = Word::Pending;
        }
        *self = Self { region: self.region, rows, asking: Some(generation), ..Self::default() };
    }

    fn is_loading(&self) -> bool {
        self.asking.is_some() && !(self.is_listed && self.is_told.is_some())
    }

    fn end(&mut self) {
        self.asking = None;
        for (_, word) in self.rows.values_mut().filter(|(_, word)| *word == Word::Pending) {
            *word = Word::Unasked;
        }
    }

    fn word(&self, id: &InstanceId, old: Word) -> Word {
        match (self.registered.get(id), self.is_told) {
            (Some(word), _) => Word::Known(word),
            (None, Some(true)) => Word::Known("– none"),
            (None, Some(false)) => old.after_refusal(),
            (None, None) => old,
        }
    }

    fn handle(&mut self, region: usize, generation: Generation, said: &Said) {
        if self.asking != Some(generation) {
            return;
        }
        match said {
            Said::Page(page) => {
                for (number, version) in page {
                    let id = id(region, *number);
                    let old = self.rows.get(&id).map_or(Word::Pending, |(_, word)| *word);
                    self.seen.insert(id.clone());
                    self.rows.insert(id.clone(), (*version, self.word(&id, old)));
                }
            }
            Said::Listed => {
                self.is_listed = true;
                self.rows.retain(|id, _| self.seen.contains(id));
            }
            Said::Registered(all) => {
                self.registered.extend(all.iter().map(|(number, is_online)| (id(region, *number), word_of(*is_online))));
            }
            Said::RegistrationsListed => self.is_told = Some(true),
            Said::RegistrationsRefused => self.is_told = Some(false),
            Said::Ended(_) => self.end(),
        }
        let words: Vec<_> = self.rows.iter().map(|(id, (_, old))| self.word(id, *old)).collect();
        self.rows.values_mut().zip(words).for_each(|((_, word), new)| *word = new);
    }
}

fn id(region: usize, number: u8) -> InstanceId {
    format!("i-{region:x}{number:016x}").parse().unwrap()
}

fn word_of(is_online: bool) -> &'static str {
    if is_online { "✓ online" } else { "✗ lost" }
}

/// The dashboard, every asking it began, and the model beside it.
struct Both {
    state: State,
    askings: Vec<(usize, Generation)>,
    model: Model,
}

impl Both {
    fn new() -> Self {
        let mut state = blank();
        let generation = opened(&mut state);
        let mut model = Model::default();
        model.ask(generation);
        Self { state, askings: vec![(0, generation)], model }
    }

    fn take(&mut self, step: &Step) {
        let later = self.state.world.now.checked_add(SignedDuration::from_secs(3)).unwrap();
        self.state.set_now(later);
        match step {
            Step::Switch(region) => {
                press(&mut self.state, &["r"]);
                enter(&mut self.state, REGIONS[*region]);
                let effects = press(&mut self.state, &["Enter"]);
                self.model.switch(*region);
                self.begin(effects);
            }
            Step::Refresh => {
                let effects = press(&mut self.state, &["R"]);
                self.begin(effects);
            }
            Step::Stop => {
                self.state.act(Action::Interrupt);
                if self.model.is_loading() {
                    self.model.end();
                }
            }
            Step::Answer(back, said) => {
                let at = self.askings.len().saturating_sub(1 + back % self.askings.len());
                let (region, generation) = self.askings[at];
                let effects = self.state.handle(message(region, generation, said));
                answered(&mut self.state, effects);
                self.model.handle(region, generation, said);
            }
        }
    }

    /// Note the askings that begin; the profile is always ready at once.
    fn begin(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Open { generation, .. } => {
                    let region = self.state.world.here.regions.first().cloned();
                    let opened = Opened { profile: place().profile, region, endpoint: None, needs_no_profile: false };
                    let effects = self.state.handle(Message::Opened { generation, result: Ok(opened) });
                    self.begin(effects);
                }
                Effect::Survey { generation, place, .. } => {
                    let region = REGIONS.iter().position(|region| *region == place.region.as_str()).unwrap();
                    assert_eq!(region, self.model.region);
                    self.askings.push((region, generation));
                    self.model.ask(generation);
                }
                _ => {}
            }
        }
    }

    /// Name, id and registration of every row on the screen against the model's.
    fn compare(&mut self) -> Result<(), TestCaseError> {
        let screen = text(&mut self.state, (160, 40));
        let lines: Vec<String> = screen.chars().collect::<Vec<_>>().chunks(160).map(|line| line.iter().collect()).collect();
        prop_assert!(lines[0].contains(REGIONS[self.model.region]), "{}", lines[0]);
        let shown: Vec<&String> = lines.iter().filter(|line| line.contains("● running")).collect();
        prop_assert_eq!(shown.len(), self.model.rows.len(), "{:#?}\n{:#?}", &lines, &self.model);
        let head: Option<Vec<char>> = lines.iter().find(|line| line.contains("PRIVATE IP")).map(|line| line.chars().collect());
        let column = head.and_then(|head| head.windows(3).position(|letters| letters == ['S', 'S', 'M']));
        for (id, (version, word)) in &self.model.rows {
            let line = shown.iter().find(|line| line.contains(id.as_str()));
            let cell: Option<String> = line.map(|line| line.chars().skip(column.unwrap_or(0)).take(9).collect());
            let is_right = line.is_some_and(|line| line.contains(&format!(" v{version} ")))
                && cell.is_some_and(|cell| cell.trim_end().starts_with(word.text()));
            prop_assert!(is_right, "{} {} {}: {:#?}", id, version, word.text(), &lines);
        }
        Ok(())
    }
}

fn message(region: usize, generation: Generation, said: &Said) -> Message {
    let place = Place { region: REGIONS[region].parse().unwrap(), ..place() };
    let answer = match said {
        Said::Page(page) => {
            Answer::Page(page.iter().map(|(number, version)| instance(&place, region, *number, *version)).collect())
        }
        Said::Listed => Answer::Listed,
        Said::Registered(all) => {
            let status = |is_online| if is_online { SsmStatus::Online } else { SsmStatus::Lost };
            let ssm = |is_online| Ssm { status: status(is_online), ..Ssm::unmanaged() };
            Answer::Ssm(all.iter().map(|(number, is_online)| (id(region, *number), ssm(*is_online))).collect())
        }
        Said::RegistrationsListed => Answer::SsmListed,
        Said::RegistrationsRefused => {
            Answer::SsmHidden(Denial { why: Why::Throttled, action: "ssm:DescribeInstanceProperties", message: None })
        }
        Said::Ended(is_whole) => {
            let trouble = Trouble {
                code: "x",
                what: "x".to_owned(),
                why: None,
                next: None,
                kind: TroubleKind::Other,
                device: None,
                retry_in: std::time::Duration::from_secs(1),
            };
            let result = if *is_whole { Ok(()) } else { Err(trouble) };
            return Message::Surveyed { generation, place, result };
        }
    };
    let Message::Answered { generation, answer, .. } = answer_message(generation, answer) else { unreachable!() };
    Message::Answered { generation, place, answer }
}

fn instance(place: &Place, region: usize, number: u8, version: u8) -> Instance {
    let mut row = (*crate::model::row(id(region, number).as_str(), &format!("v{version}"))).clone();
    row.place = std::sync::Arc::new(place.clone());
    row
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        3 => prop::collection::vec((0_u8..8, 0_u8..4), 0..6).prop_map(Said::Page),
        1 => Just(Said::Listed),
        3 => prop::collection::vec((0_u8..8, any::<bool>()), 0..6).prop_map(Said::Registered),
        1 => Just(Said::RegistrationsListed),
        1 => Just(Said::RegistrationsRefused),
        1 => any::<bool>().prop_map(Said::Ended),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (0..REGIONS.len()).prop_map(Step::Switch),
        1 => Just(Step::Refresh),
        1 => Just(Step::Stop),
        12 => (prop_oneof![3 => Just(0_usize), 1 => 0_usize..20], said()).prop_map(|(back, said)| Step::Answer(back, said)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_screen_shows_what_the_model_says_after_every_step(steps in prop::collection::vec(step(), 1..60)) {
        let mut both = Both::new();
        for step in &steps {
            both.take(step);
            both.compare()?;
        }
    }
}

#[test]
fn a_thousand_switches_with_late_answers_never_show_another_region() {
    let mut both = Both::new();
    let mut random = 1_u64;
    let mut next = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    for number in 0..1_000 {
        both.take(&Step::Switch(usize::try_from(next(3)).unwrap()));
        for _ in 0..next(4) {
            let page = (0..6).map(|_| (next(8) as u8, next(4) as u8)).collect();
            let said = match next(4) {
                0 => Said::Registered(vec![(next(8) as u8, next(2) == 0)]),
                1 => Said::RegistrationsRefused,
                _ => Said::Page(page),
            };
            both.take(&Step::Answer(usize::try_from(next(12)).unwrap(), said));
        }
        if number % 10 == 0 {
            both.compare().unwrap();
        }
    }

    assert_eq!(both.askings.len(), 1_001);
    both.compare().unwrap();
}
