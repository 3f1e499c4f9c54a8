#include "record_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "json_fields.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

namespace csan::common {

namespace {

using llvm::StringRef;

struct Hex {
  uint64_t& value;
};

bool Read(const Json& from, Hex& to, const Where& where) {
  std::string_view text;
  StringRef digits = from.get(text) == simdjson::SUCCESS ? StringRef(text) : StringRef();
  if (digits.consume_front("0x") && !digits.getAsInteger(16, to.value)) return true;
  return where.Wrong("expected a string of hexadecimal digits after 0x");
}

// `names` are those of the enumerators, in their order.
template <typename Kind>
bool ReadName(const Json& from, llvm::ArrayRef<const char*> names, Kind& to, const Where& where,
              const char* expected) {
  std::string_view name;
  const bool is_text = from.get(name) == simdjson::SUCCESS;
  const auto* found = is_text ? std::find(names.begin(), names.end(), name) : names.end();
  if (found == names.end()) return where.Wrong(expected);
  to = static_cast<Kind>(found - names.begin());
  return true;
}

}  // namespace

// Fields finds these by the type they fill.
static bool Read(const Json& from, Frame& to, const Where& where) {
  const Fields f(from, where);
  Hex offset = {to.offset};
  return f && f.Get("function", to.function) && f.Get("file", to.file) && f.Get("line", to.line) &&
         f.Get("column", to.column) && f.Get("module", to.module) && f.Get("offset", offset) &&
         f.GetIfThere("coroutine", to.coroutine);
}

static bool Read(const Json& from, Stack& to, const Where& where) {
  to.kept = !from.is_null();
  if (!to.kept) return true;
  std::vector<Frame> frames;
  if (!Read(from, frames, where)) return false;
  to.frames.reserve(frames.size());
  for (const Frame& frame : frames) to.frames.push_back(frame);
  return true;
}

static bool Read(const Json& from, Lock& to, const Where& where) {
  const Fields f(from, where);
  Hex address = {to.address};
  return f && f.Get("address", address) && f.Get("write", to.write) && f.Get("taken", to.taken);
}

static bool Read(const Json& from, Access::Kind& to, const Where& where) {
  return ReadName(from, kAccessNames, to, where,
                  "expected read, write, atomic read, atomic write or free");
}

static bool Read(const Json& from, Access& to, const Where& where) {
  const Fields f(from, where);
  Hex address = {to.address};
  return f && f.Get("access", to.kind) && f.Get("address", address) && f.Get("size", to.size) &&
         f.Get("actor", to.actor) && f.Get("locks", to.locks) && f.Get("stack", to.stack);
}

static bool Read(const Json& from, Object::Kind& to, const Where& where) {
  return ReadName(from, kObjectNames, to, where, "expected unknown, global, heap, stack or tls");
}

static bool Read(const Json& from, Object& to, const Where& where) {
  const Fields f(from, where);
  Hex begin = {to.begin};
  return f && f.Get("kind", to.kind) && f.Get("begin", begin) && f.Get("size", to.size) &&
         f.Get("actor", to.actor) && f.Get("freed", to.freed) && f.Get("name", to.name) &&
         f.Get("allocated", to.allocated);
}

static bool Read(const Json& from, Actor& to, const Where& where) {
  const Fields f(from, where);
  return f && f.Get("id", to.id) && f.GetIfThere("kind", to.kind) &&
         f.GetIfThere("thread", to.thread) && f.Get("name", to.name) && f.Get("os_id", to.os_id) &&
         f.Get("running", to.running) && f.Get("parent", to.parent) &&
         f.GetIfThere("parent_kind", to.parent_kind) && f.Get("created", to.created);
}

static bool Read(const Json& from, Coroutine& to, const Where& where) {
  const Fields f(from, where);
  return f && f.Get("function", to.function) && f.Get("actor", to.actor) &&
         f.Get("created", to.created);
}

static bool Read(const Json& from, Step& to, const Where& where) {
  const Fields f(from, where);
  Hex object = {to.object};
  return f && f.Get("actor", to.actor) && f.Get("what", to.what) && f.Get("object", object) &&
         f.Get("name", to.name) && f.Get("stack", to.stack);
}

static bool Read(const Json& from, Module& to, const Where& where) {
  const Fields f(from, where);
  return f && f.Get("path", to.path) && f.Get("build_id", to.build_id);
}

static bool Read(const Json& from, LockCounts& to, const Where& where) {
  const Fields f(from, where);
  return f && f.Get("acquisitions", to.acquisitions) && f.Get("contended", to.contended) &&
         f.Get("wait_ms", to.wait_ms);
}

static bool Read(const Json& from, Finding& to, const Where& where) {
  const Fields f(from, where);
  Hex fingerprint = {to.fingerprint};
  return f && f.Get("schema", to.schema) && f.Get("kind", to.kind) &&
         f.GetIfThere("count", to.count) && f.Get("fingerprint", fingerprint) &&
         f.Get("pid", to.pid) && f.Get("now", to.now) && f.Get("before", to.before) &&
         f.GetIfThere("steps", to.steps) && f.Get("object", to.object) &&
         f.Get("actors", to.actors) && f.GetIfThere("coroutines", to.coroutines) &&
         (to.schema < 2 || f.Get("modules", to.modules)) &&
         f.GetIfThere("contention", to.contention) && f.Get("why", to.why);
}

namespace {

llvm::Error Failure(const llvm::Twine& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

// LLVM's parser recurses for each bracket, so a line of brackets would end us; simdjson does not.
bool TooDeep(StringRef line) {
  constexpr int kDepthMax = 16;  // a record needs 6
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < line.size(); i++) {
    const char c = line[i];
    if (quoted && c == '\\') {
      i++;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '[' || c == '{')) {
      if (++depth > kDepthMax) return true;
    } else if (!quoted && (c == ']' || c == '}')) {
      depth--;
    }
  }
  return false;
}

// "[1:5, byte=5]: Expected object key" as "Expected object key at column 5".
std::string WhyNotJson(llvm::Error error) {
  std::string text = llvm::toString(std::move(error));
  const auto [where, why] = StringRef(text).split("]: ");
  StringRef column = where;
  if (why.empty() || !column.consume_front("[1:")) return text;
  return (why + " at column " + column.split(',').first).str();
}

// simdjson says what is wrong, LLVM's parser also where; both have to refuse.
llvm::Error NotJson(StringRef line, simdjson::error_code error) {
  if (TooDeep(line)) return Failure("this is not a record: it is nested more than 16 deep.");
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(line);
  if (!value) return Failure("this is not JSON: " + WhyNotJson(value.takeError()) + ".");
  return Failure("this is not JSON: " + StringRef(simdjson::error_message(error)) + ".");
}

// {"suppression":"race:f","matches":3}: no finding.
bool ReadMatches(const simdjson::dom::object& record, Records* records) {
  std::string_view line;
  uint64_t matches = 0;
  if (record["suppression"].get(line) != simdjson::SUCCESS ||
      record["matches"].get(matches) != simdjson::SUCCESS) {
    return false;
  }
  records->suppressions[std::string(line)] += matches;
  return true;
}

llvm::Error CheckSchema(const simdjson::dom::object& record) {
  uint64_t schema = 0;
  if (record["schema"].get(schema) != simdjson::SUCCESS || schema == 0) {
    return Failure("this is not a record: it has no number named \"schema\".");
  }
  if (schema <= kRecordSchema) return llvm::Error::success();
  return Failure("the record has schema " + llvm::Twine(schema) + ", these tools read up to " +
                 llvm::Twine(kRecordSchema) + ": use the tools of the CSan that wrote it.");
}

// Adds what a line holds to `records`. `end` is that of the text that the line is part of.
llvm::Error ReadLine(StringRef line, const char* end, simdjson::dom::parser* parser,
                     Records* records) {
  // The parser may look, but no more, at what follows; at the end of the text it needs a copy.
  const bool copy = end - line.end() < static_cast<ptrdiff_t>(simdjson::SIMDJSON_PADDING);
  Json json;
  if (const auto error = parser->parse(line.data(), line.size(), copy).get(json)) {
    return NotJson(line, error);
  }
  simdjson::dom::object record;
  if (json.get(record) != simdjson::SUCCESS) {
    return Failure("this is not a record: a record is a JSON object.");
  }
  if (ReadMatches(record, records)) return llvm::Error::success();
  if (llvm::Error error = CheckSchema(record)) return error;
  std::string mistake;
  Finding finding;
  if (!Read(json, finding, Where("record", &mistake))) return Failure(mistake + ".");
  records->findings.push_back(std::move(finding));
  return llvm::Error::success();
}

}  // namespace

Records ReadRecords(StringRef text, StringRef name) {
  Records records;
  simdjson::dom::parser parser;
  for (uint64_t number = 1; !text.empty(); number++) {
    const bool whole = text.contains('\n');
    const auto [line, rest] = text.split('\n');
    const char* end = text.end();
    text = rest;
    if (line.trim().empty()) continue;
    if (llvm::Error error = ReadLine(line, end, &parser, &records)) {
      const std::string why = llvm::toString(std::move(error));
      records.problems.push_back(
          (name + ":" + llvm::Twine(number) + ": " + why +
           (whole ? "" : " The line has no end: was the program killed as it wrote?"))
              .str());
    }
  }
  return records;
}

Records ReadRecordFile(StringRef path) {
  // /dev/zero has no end; /dev/null is a usual name for nothing.
  llvm::sys::fs::file_status status;
  if (path != "/dev/null" && !llvm::sys::fs::status(path, status) &&
      (status.type() == llvm::sys::fs::file_type::character_file ||
       status.type() == llvm::sys::fs::file_type::block_file)) {
    Records none;
    none.problems.push_back((path + ": cannot be read: it is a device.").str());
    return none;
  }
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> file =
      llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (file) return ReadRecords((*file)->getBuffer(), path);
  Records none;
  none.problems.push_back((path + ": cannot be read: " + file.getError().message() + ".").str());
  return none;
}

}  // namespace csan::common
