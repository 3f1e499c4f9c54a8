// The options of csan. Each says in Visibility which commands have it.
include "llvm/Option/OptParser.td"

def ReportVis : OptionVisibility;
def RunVis : OptionVisibility;
def DiffVis : OptionVisibility;
def SuppressVis : OptionVisibility;

defvar Reports = [ReportVis, RunVis, DiffVis];

class Word<string name, string text, list<OptionVisibility> where> : Flag<["--"], name>,
  HelpText<text>, Visibility<where>;
class Value<string name, string meta, string text, list<OptionVisibility> where> :
  Joined<["--"], name # "=">, MetaVarName<meta>, HelpText<text>, Visibility<where>;
class Output<string name, string text> : Value<name, "<file>", text, Reports>;
class Number<string name, string meta, string text> : JoinedOrSeparate<["-"], name>,
  MetaVarName<meta>, HelpText<text>, Visibility<[RunVis]>;

def help : Word<"help", "Show this", [ReportVis, RunVis, DiffVis, SuppressVis]>;
def h : Flag<["-"], "h">, Alias<help>, Visibility<[ReportVis, RunVis, DiffVis, SuppressVis]>;

def format_EQ : Value<"format", "<format>",
  "What to write to standard output: text, records, json, sarif, junit, github, gitlab, markdown, html, tsan or none",
  Reports>;
def text_EQ : Output<"text", "Write a report for people to <file>">;
def records_EQ : Output<"records", "Write the merged records, one a line: a baseline">;
def json_EQ : Output<"json", "Write one JSON document">;
def sarif_EQ : Output<"sarif", "Write SARIF 2.1.0">;
def junit_EQ : Output<"junit", "Write JUnit's XML">;
def github_EQ : Output<"github", "Write GitHub's workflow commands">;
def gitlab_EQ : Output<"gitlab", "Write GitLab's code quality">;
def markdown_EQ : Output<"markdown", "Write Markdown">;
def html_EQ : Output<"html", "Write a page: one file, to be read offline">;
def tsan_EQ : Output<"tsan", "Write ThreadSanitizer's text">;
def color_EQ : Value<"color", "<when>", "auto (the default), always or never", Reports>;
def source_root_EQ : Value<"source-root", "<dir>",
  "The checkout: names of files are relative to it, and only files below it are shown; the working directory if not given",
  Reports>;
def prefix_map_EQ : Value<"prefix-map", "<old>=<new>",
  "Files that records have below <old> are below <new> here; may be repeated", Reports>;
def debug_dir_EQ : Value<"debug-dir", "<dir>",
  "Has debug information at .build-id/xx/yyyy.debug; may be repeated", Reports>;
def baseline_EQ : Value<"baseline", "<file>",
  "Findings in these records are known: they fail nothing; may be repeated", [ReportVis, RunVis]>;

def n : Number<"n", "<times>", "Run the command so many times (1)">;
def j : Number<"j", "<jobs>", "So many at a time (1, or with --shards as many as there are processors)">;
def timeout_EQ : Value<"timeout", "<seconds>", "End a run that takes longer, and what it started", [RunVis]>;
def repeat_until_found : Word<"repeat-until-found",
  "Run again until something is found, -n times at most if that is given", [RunVis]>;
def shards_EQ : Value<"shards", "<n>",
  "Split each run by GoogleTest's and Bazel's variables, ctest by -I", [RunVis]>;
def shard_EQ : Value<"shard", "<i>/<n>",
  "Run this part only, from 0; auto (the default): as Bazel, GoogleTest, Slurm's array jobs or GitLab have set it",
  [RunVis]>;
def keep_EQ : Value<"keep", "<dir>", "Keep the records here, to be merged with those of other machines", [RunVis]>;

def fingerprint_EQ : Value<"fingerprint", "<hex>", "Of the finding, as reports show it", [SuppressVis]>;
def all : Word<"all", "All findings of the records", [SuppressVis]>;
def owner_EQ : Value<"owner", "<name>", "Who answers for it", [SuppressVis]>;
def reason_EQ : Value<"reason", "<text>", "Why it may stay", [SuppressVis]>;
def expires_EQ : Value<"expires", "<date>", "When to look at it again: YYYY-MM-DD", [SuppressVis]>;
def output_EQ : Value<"output", "<file>", "Append to <file>", [SuppressVis]>;
