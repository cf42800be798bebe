#!/usr/bin/env bash
# What action.yml runs: annotations, the job's summary, and one comment that is kept up to date. The exit code is that of
# `mooring check`; a comment that cannot be written changes nothing about it.
set -euo pipefail

base=${MOORING_BASE:-origin/${GITHUB_BASE_REF:-main}}
arguments=(--contracts "$MOORING_CONTRACTS" --base "$base")
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/mooring-XXXXXX")
trap 'rm -rf "$folder"' EXIT

status=0
"$MOORING" check "${arguments[@]}" --markdown >"$folder/comment.md" || status=$?
if [ "$status" -ne 0 ] && [ "$status" -ne 2 ]; then
  echo "::error title=mooring check::could not tell whether this merge will be applied: see the log"
  exit "$status"
fi
"$MOORING" check "${arguments[@]}" --format github || true
"$MOORING" check "${arguments[@]}" --json >"$folder/report.json" || true
cat "$folder/comment.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"

left() { echo "::notice title=mooring check::no comment: $1. The job's summary says the same"; }

# One request; the token goes through a file of this process, never through the arguments. Prints the status.
api() {
  local method=$1 path=$2 body=${3:-} retries=2
  # A comment that was written and whose answer was lost would be written twice.
  if [ "$method" = POST ]; then retries=0; fi
  printf 'Authorization: Bearer %s\n' "$MOORING_COMMENT_TOKEN" |
    curl --silent --show-error --max-time 30 --retry "$retries" --request "$method" --header @- \
      --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' \
      ${body:+--header 'Content-Type: application/json' --data-binary "@$body"} \
      --output "$folder/answer.json" --write-out '%{http_code}' "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/$path"
}

# The number and the text of our own comment, or nothing; fails where the comments cannot be read.
old_comment() {
  local number=$1 page code
  for page in 1 2 3 4 5 6 7 8 9 10; do
    code=$(api GET "issues/$number/comments?per_page=100&page=$page") || return 1
    [ "$code" = 200 ] || return 1
    # Anybody can write the marker: only the account that the token is of counts.
    jq --arg author "$MOORING_COMMENT_AUTHOR" \
      'map(select(.user.login == $author and (.body | startswith("<!-- mooring:check -->")))) | first // empty' \
      "$folder/answer.json" >"$folder/old.json"
    if [ -s "$folder/old.json" ] || [ "$(jq length "$folder/answer.json")" -lt 100 ]; then return 0; fi
  done
}

comment() {
  local number code
  if [ "$MOORING_COMMENT" != true ] || [ -z "$MOORING_COMMENT_TOKEN" ]; then return 0; fi
  if ! command -v jq >/dev/null || ! command -v curl >/dev/null; then left "this runner has no curl or no jq"; return 0; fi
  number=$(jq --raw-output '.pull_request.number // empty' "${GITHUB_EVENT_PATH:-/dev/null}")
  if [ -z "$number" ]; then return 0; fi
  if ! old_comment "$number"; then left "the comments of #$number cannot be read"; return 0; fi
  jq --raw-input --slurp '{body: .}' "$folder/comment.md" >"$folder/body.json"
  if [ -s "$folder/old.json" ]; then
    # The forge may keep other line ends and no last one.
    if jq --exit-status --slurpfile new "$folder/body.json" \
      'def plain: gsub("\r"; "") | rtrimstr("\n"); (.body | plain) == ($new[0].body | plain)' \
      "$folder/old.json" >/dev/null; then return 0; fi
    code=$(api PATCH "issues/comments/$(jq .id "$folder/old.json")" "$folder/body.json") || code=none
  elif jq --exit-status '.tables == [] and .problems == []' "$folder/report.json" >/dev/null; then
    return 0
  else
    code=$(api POST "issues/$number/comments" "$folder/body.json") || code=none
  fi
  case "$code" in
    200 | 201) ;;
    403 | 404) left "the token may not write here, as on a pull request from a fork" ;;
    *) left "GitHub answered $code" ;;
  esac
}

printf 'answer=%s\n' "$(sed -n 's/^  "answer": "\([a-z]*\)",$/\1/p' "$folder/report.json")" >>"${GITHUB_OUTPUT:-/dev/null}"
comment || left "something went wrong on the way"
exit "$status"
