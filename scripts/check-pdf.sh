#!/usr/bin/env bash
# Lets programs of others look at the PDFs that varp makes: a study of a body and a letter of the desk. Needs Python with venv,
# and pip for pdfua and outloud. Says what they say; fails where one of them finds an error.
#   scripts/check-pdf.sh VARP REGISTER.gpkg BODY
set -u
varp=$(realpath "$1") register=$(realpath "$2") body=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
python3 -m venv tools && tools/bin/pip -q install "pdfua==0.1.3" "outloud==0.2.1" || exit 1
"$varp" -r "$register" duty study "$body" --operator "An operator" --to study.pdf || exit 1
echo "case,facility,body,operator,received,holds,exemption,exemption_evidence
1,A pond,$body,An operator,2026-11-20,quantities; methods,false," >desk.csv
"$varp" -r "$register" duty desk desk.csv --letters letters # 1 while a case is open
failed=0
for pdf in study.pdf letters/*.pdf; do
  tools/bin/pdfua check --min-severity error "$pdf" || failed=1
  tools/bin/outloud --no-info --fail-on error "$pdf" || failed=1
done
exit $failed
