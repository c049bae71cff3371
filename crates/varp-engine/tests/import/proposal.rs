//! First mappings from headers and values.

use varp_engine::import::propose::{Proposal, Wishes, propose};
use varp_engine::import::{Accept, Input, MappingError};
use varp_model::References;

use super::import_with;

fn proposed(name: &str, text: &str) -> Proposal {
    propose(vec![Input::from_bytes(name, text)], &References::embedded(), &Wishes::default())
}

/// Imports the table with its own proposal after each question got its answer.
fn imported(name: &str, text: &str, answers: &[(&str, &str)]) -> super::Outcome {
    let proposal = proposed(name, text);
    let open: Vec<&str> = proposal.questions.iter().map(|q| q.path.as_str()).collect();
    let given: Vec<&str> = answers.iter().map(|(path, _)| *path).collect();
    assert_eq!(open, given, "{}", proposal.text);
    let mut mapping = proposal.text.clone();
    for (_, answer) in answers {
        mapping = mapping.replacen("\"?\"", answer, 1);
    }
    import_with(vec![Input::from_bytes(name, text)], &mapping, Accept::AllOrNothing)
}

const SWEDISH: &str = "Gruva;Upplag;Typ;Driftperiod;E;N;Mängd (Mt);Yta (ha);WO3 (%)\n\
    Yxsjöberg;Smaltjärnen;sandmagasin;1897-1963;486500;6656000;2,2;26;0,12\n\
    Yxsjöberg;Morkulltjärnen;sandmagasin;1969-1989;487500;6657000;2,6;31;0,19\n";

#[test]
fn a_swedish_table_of_bodies_is_recognised_and_asks_only_what_it_does_not_say() {
    insta::assert_snapshot!(proposed("upplag.csv", SWEDISH).text);
}

#[test]
fn a_proposal_with_its_answers_imports_without_a_problem() {
    let answers = [
        ("source title", "\"A list\""),
        ("table 1 crs", "3006"),
        ("table 1 site country", "{ value = \"SE\" }"),
        ("table 1 claim_defaults basis", "\"dry\""),
        ("table 1 claim_defaults term", "\"remaining\""),
    ];
    let outcome = imported("upplag.csv", SWEDISH, &answers);
    assert_eq!(outcome.issues(), "");
    assert_eq!((outcome.batch.bodies.len(), outcome.batch.claims.len()), (2, 6));
}

#[test]
fn an_open_question_is_refused() {
    let proposal = proposed("upplag.csv", SWEDISH);
    let error = proposal.mapping().unwrap_err();
    let MappingError::Open { questions } = &error else { panic!("{error}") };
    assert_eq!(questions.len(), proposal.questions.len());
    insta::assert_snapshot!(error);
}

const FINNISH: &str = "Näytenumero\tItä\tPohjoinen\tCu_511P\tCo_511P\tTiO2 %\n\
    N1\t500123\t7122000\t1200,5\t<10\t7,9\n\
    N2\t500223\t7122100\t900,0\t12,5\t8,1\n\
    N3\t500323\t7122200\t0\tn.d.\t-0,5\n";

#[test]
fn a_finnish_table_of_samples_asks_for_units_marks_zero_and_negative_numbers() {
    let outcome = imported(
        "naytteet.tsv",
        FINNISH,
        &[
            ("source title", "\"Till\""),
            ("table 1 crs", "3067"),
            ("table 1 assay_defaults basis", "\"dry\""),
            ("table 1 censoring below", "[]"),
            ("table 1 censoring zero", "\"missing\""),
            ("table 1 censoring negative", "\"below limit\""),
            ("table 1 assay 1 unit", "\"ppm\""),
            ("table 1 assay 2 unit", "\"ppm\""),
        ],
    );
    // the mark was not declared: one error, placed
    assert!(outcome.issues().contains("row 4, column E (Co_511P)"), "{}", outcome.issues());
    assert_eq!(outcome.report.issues.errors(), 1);
    let method = outcome.batch.determinations.first().map(|d| d.method.clone());
    assert_eq!(method, None, "nothing is written with an error");
}

#[test]
fn a_units_row_and_a_method_row_below_the_header_are_seen() {
    let text = "Report 123;;;\nSample ID;Cu;Zn;As\n;ppm;%;ppm\n;ME-MS61;Zn-OG62;ME-MS61\n\
                A1;120.5;1.2;<5\nA2;80.1;0.9;7\nTotal;2;;\n";
    let outcome = imported(
        "lab.csv",
        text,
        &[("source title", "\"Lab\""), ("table 1 assay_defaults basis", "\"dry\"")],
    );
    assert_eq!(outcome.issues(), "");
    let d = &outcome.batch.determinations[1];
    assert_eq!((d.unit.symbol(), d.method.as_deref()), ("%", Some("Zn-OG62")));
    assert_eq!(outcome.batch.samples.len(), 2);
}

#[test]
fn a_survey_table_tells_the_sense_of_its_dips() {
    let text = "HOLEID,AT,AZ,DIP\nB1,0,327,-60\nB1,100,326,-59\n";
    let proposal = proposed("survey.csv", text);
    assert!(proposal.text.contains("dip = \"negative down\""), "{}", proposal.text);
    assert!(proposal.text.contains("[table.survey]\nhole = \"HOLEID\"\ndepth = \"AT\""));
}

#[test]
fn north_under_x_is_seen_by_the_ranges() {
    let text = "Plats,Typ,X,Y\nA,varp,6656000,486500\nB,varp,6657000,487500\n";
    let proposal = proposed("plats.csv", text);
    assert!(proposal.text.contains("x = \"Y\"\ny = \"X\""), "{}", proposal.text);
}

#[test]
fn a_norwegian_table_tells_from_when_to_when_there_was_work() {
    let text = "Gruve;Deponi;Type;Drift fra;Drift til\nA;B;avgang;1897;1963\n";
    let proposal = proposed("gruver.csv", text);
    let period = "start = \"Drift fra\"\nend = \"Drift til\"";
    assert!(proposal.text.contains(period), "{}", proposal.text);
}

#[test]
fn samples_that_name_their_site_alone_are_proposed_as_those_of_its_body() {
    let text = "Näytenumero\tKohde\tCu (ppm)\tZn (ppm)\tNi (ppm)\nN1\tAijala\t12\t3\t4\n";
    let proposal = proposed("naytteet.tsv", text);
    assert!(proposal.text.contains("body = \"Kohde\" #"), "{}", proposal.text);
}

#[test]
fn titles_over_several_columns_are_read_with_the_words_below_them() {
    let text = "Luettelo 2019;;;;;;;\n\
                Kohde;Sijainti (ETRS-TM35FIN);;Toiminta;;Määrä;Cu;Co\n\
                ;P;I;alkoi;päättyi;Mt;ppm;ppm\n\
                Aijala;6682000;310000;1948;1974;2,0;1200;alle 10\n\
                Makola;7091000;397000;1941;1954;0,5;800;12\n";
    let proposal = proposed("hiekat.csv", text);
    for part in [
        "header = [2, 3]",
        "start = \"Toiminta alkoi\"\nend = \"Toiminta päättyi\"",
        "column = \"Määrä Mt\"",
        "column = \"Co ppm\"",
    ] {
        assert!(proposal.text.contains(part), "{part} is not in:\n{}", proposal.text);
    }
}

#[test]
fn a_grade_below_a_limit_in_words_lies_between_nothing_and_the_limit() {
    let text =
        "Kohde;Tyyppi;Co ppm\nAijala;sivukivi;alle 10\nMakola;sivukivi;<12\nHitura;sivukivi;14\n";
    let outcome = imported(
        "kohteet.csv",
        text,
        &[
            ("source title", "\"List\""),
            ("table 1 site country", "{ value = \"FI\" }"),
            ("table 1 claim_defaults basis", "\"dry\""),
        ],
    );
    assert_eq!(outcome.issues(), "");
    let ranges: Vec<_> = outcome
        .batch
        .claims
        .iter()
        .filter_map(|claim| match &claim.value {
            varp_model::ClaimValue::Number(range) => Some((range.best, range.spread.clone())),
            _ => None,
        })
        .collect();
    let below = |high| {
        let coverage = varp_model::Coverage::Unstated;
        (None, varp_model::Spread::Range { low: 0.0, high, coverage })
    };
    assert_eq!(ranges[..2], [below(10.0), below(12.0)]);
}

#[test]
fn a_first_row_of_words_under_an_empty_title_is_no_second_header() {
    let text = "Kohde;Laji;;Tila\nAijala;sivukivi;purettu;suljettu\nMakola;sivukivi;;suljettu\n";
    let proposal = proposed("kohteet.csv", text);
    assert!(proposal.text.contains("header = 1\n"), "{}", proposal.text);
}

#[test]
fn columns_that_no_field_was_found_for_are_named() {
    let text = "Kohde;Tyyppi;Määrä Mt;Värikoodi;Hoitaja\nAijala;sivukivi;2;punainen;\nMakola;sivukivi;3;;\n";
    let notes = proposed("kohteet.csv", text).notes.join("\n");
    assert!(notes.contains("no field was found for \"Värikoodi\""), "{notes}");
    assert!(
        !notes.contains("Määrä") && !notes.contains("Hoitaja"),
        "empty columns are none: {notes}"
    );
}
