// The options of csan. Each says in Visibility which commands have it.
include "llvm/Option/OptParser.td"

def ReportVis : OptionVisibility;

class Output<string name, string text> : Joined<["--"], name # "=">,
  MetaVarName<"<file>">, HelpText<text>, Visibility<[ReportVis]>;
class Plain<string name, string text, list<OptionVisibility> where> : Flag<["--"], name>,
  HelpText<text>, Visibility<where>;
class Value<string name, string meta, string text, list<OptionVisibility> where> :
  Joined<["--"], name # "=">, MetaVarName<meta>, HelpText<text>, Visibility<where>;

def help : Plain<"help", "Show this", [ReportVis]>;
def h : Flag<["-"], "h">, Alias<help>, Visibility<[ReportVis]>;

def format_EQ : Value<"format", "<format>",
  "What to write to standard output: text, records, json, sarif, junit, github, gitlab, markdown, tsan or none",
  [ReportVis]>;
def text_EQ : Output<"text", "Write a report for people to <file>">;
def records_EQ : Output<"records", "Write the merged records, one a line">;
def json_EQ : Output<"json", "Write one JSON document">;
def sarif_EQ : Output<"sarif", "Write SARIF 2.1.0">;
def junit_EQ : Output<"junit", "Write JUnit's XML">;
def github_EQ : Output<"github", "Write GitHub's workflow commands">;
def gitlab_EQ : Output<"gitlab", "Write GitLab's code quality">;
def markdown_EQ : Output<"markdown", "Write Markdown">;
def tsan_EQ : Output<"tsan", "Write ThreadSanitizer's text">;
def color_EQ : Value<"color", "<when>", "auto (the default), always or never", [ReportVis]>;
def source_root_EQ : Value<"source-root", "<dir>",
  "The checkout: names of files are relative to it, and only files below it are shown; the working directory if not given",
  [ReportVis]>;
def prefix_map_EQ : Value<"prefix-map", "<old>=<new>",
  "Files that records have below <old> are below <new> here; may be repeated", [ReportVis]>;
