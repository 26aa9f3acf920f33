//! The code of a crate as a parser reads it: its modules, what they import, and every path they name.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, ItemMod, ItemUse, Meta, UseTree, Visibility};

/// A file of a crate.
pub struct Source {
    /// Below the crate's `src`: `tui/run.rs`.
    pub path: String,
    pub text: String,
}

/// `crate::tui::run` is `["tui", "run"]`.
pub type ModulePath = Vec<String>;

/// The modules of a crate, without its tests.
pub type Modules = BTreeMap<ModulePath, Module>;

/// A module, of a file or inside one.
#[derive(Default)]
pub struct Module {
    pub file: String,
    /// What is defined here, by name.
    pub items: BTreeSet<String>,
    pub imports: Vec<Import>,
    /// Every path that its code names, macros and attributes included.
    pub paths: Vec<Vec<String>>,
    /// Every method that its code calls.
    pub methods: BTreeSet<String>,
}

/// One name of a `use`.
pub struct Import {
    pub segments: Vec<String>,
    /// What it is called here; none: everything (`*`).
    pub name: Option<String>,
    /// Handed on under our name, and not necessarily used.
    pub is_handed_on: bool,
}

/// The modules of these files.
pub fn modules(sources: &[Source]) -> Modules {
    let mut reader = Reader { modules: Modules::new(), tests: BTreeSet::new(), file: String::new(), module: Vec::new() };
    for source in sources {
        let file = syn::parse_file(&source.text).unwrap_or_else(|error| panic!("{}: {error}", source.path));
        reader.module = module_path(&source.path);
        reader.file.clone_from(&source.path);
        reader.here();
        reader.visit_file(&file);
    }
    let Reader { mut modules, tests, .. } = reader;
    modules.retain(|path, _| !tests.iter().any(|test| path.starts_with(test)));
    modules
}

fn module_path(file: &str) -> ModulePath {
    let name = file.trim_end_matches(".rs");
    let name = name.strip_suffix("/mod").unwrap_or(name);
    if name == "lib" { Vec::new() } else { name.split('/').map(str::to_owned).collect() }
}

struct Reader {
    modules: Modules,
    /// Modules that only tests have.
    tests: BTreeSet<ModulePath>,
    file: String,
    module: ModulePath,
}

impl Reader {
    fn here(&mut self) -> &mut Module {
        let module = self.modules.entry(self.module.clone()).or_default();
        if module.file.is_empty() {
            module.file.clone_from(&self.file);
        }
        module
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        let mut is_method = false;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if is_method {
                        self.here().methods.insert(name.to_string());
                    }
                    if colons != 2 {
                        self.path(&mut path);
                    }
                    path.push(name.to_string());
                    (colons, is_method) = (0, false);
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
                other => {
                    self.path(&mut path);
                    colons = 0;
                    is_method = matches!(&other, TokenTree::Punct(sign) if sign.as_char() == '.');
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.path(&mut path);
    }

    fn path(&mut self, path: &mut Vec<String>) {
        if !path.is_empty() {
            let path = std::mem::take(path);
            self.here().paths.push(path);
        }
    }
}

impl<'a> Visit<'a> for Reader {
    fn visit_item(&mut self, item: &'a Item) {
        let (attributes, name) = described(item);
        if is_for_tests(attributes) {
            if let Item::Mod(inner) = item {
                let mut module = self.module.clone();
                module.push(inner.ident.to_string());
                self.tests.insert(module);
            }
            return;
        }
        if let Some(name) = name {
            self.here().items.insert(name);
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item(&mut self, item: &'a ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            _ => &[],
        };
        if !is_for_tests(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if item.content.is_some() {
            self.module.push(item.ident.to_string());
            self.here();
            visit::visit_item_mod(self, item);
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        let is_handed_on = !matches!(item.vis, Visibility::Inherited);
        let mut imports = Vec::new();
        flatten(&item.tree, &mut Vec::new(), is_handed_on, &mut imports);
        self.here().imports.append(&mut imports);
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.here().paths.push(segments);
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        self.here().methods.insert(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'a Attribute) {
        if let Meta::List(list) = &attribute.meta
            && !list.path.is_ident("cfg")
        {
            self.tokens(list.tokens.clone());
        }
    }

    /// `pub(super)` uses nothing.
    fn visit_visibility(&mut self, _: &'a Visibility) {}
}

fn described(item: &Item) -> (&[Attribute], Option<String>) {
    match item {
        Item::Const(item) => (&item.attrs, Some(item.ident.to_string())),
        Item::Enum(item) => (&item.attrs, Some(item.ident.to_string())),
        Item::Fn(item) => (&item.attrs, Some(item.sig.ident.to_string())),
        Item::Static(item) => (&item.attrs, Some(item.ident.to_string())),
        Item::Struct(item) => (&item.attrs, Some(item.ident.to_string())),
        Item::Trait(item) => (&item.attrs, Some(item.ident.to_string())),
        Item::Type(item) => (&item.attrs, Some(item.ident.to_string())),
        Item::Impl(item) => (&item.attrs, None),
        Item::Mod(item) => (&item.attrs, None),
        Item::Use(item) => (&item.attrs, None),
        Item::Macro(item) => (&item.attrs, item.ident.as_ref().map(ToString::to_string)),
        _ => (&[], None),
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string() == "test",
        _ => false,
    })
}

fn flatten(tree: &UseTree, before: &mut Vec<String>, is_handed_on: bool, found: &mut Vec<Import>) {
    let whole = |last: &str| {
        let mut segments = before.clone();
        // `use x::{self}` is `use x`.
        if last != "self" || segments.is_empty() {
            segments.push(last.to_owned());
        }
        segments
    };
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, is_handed_on, found);
            before.pop();
        }
        UseTree::Name(name) => {
            let segments = whole(&name.ident.to_string());
            found.push(Import { name: segments.last().cloned(), segments, is_handed_on });
        }
        UseTree::Rename(rename) => {
            let segments = whole(&rename.ident.to_string());
            found.push(Import { segments, name: Some(rename.rename.to_string()), is_handed_on });
        }
        UseTree::Glob(_) => found.push(Import { segments: before.clone(), name: None, is_handed_on }),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, before, is_handed_on, found);
            }
        }
    }
}
