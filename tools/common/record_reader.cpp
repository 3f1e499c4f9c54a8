#include "record_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

namespace csan::common {

namespace {

using llvm::StringLiteral;
using llvm::StringRef;
using llvm::json::ObjectMapper;
using llvm::json::Path;
using llvm::json::Value;

struct Hex {
  uint64_t& value;
};

bool fromJSON(const Value& from, Hex& to, Path path) {
  StringRef digits = from.getAsString().value_or("");
  if (digits.consume_front("0x") && !digits.getAsInteger(16, to.value)) return true;
  path.report("expected a string of hexadecimal digits after 0x");
  return false;
}

// `names` are those of the enumerators, in their order.
template <typename Kind>
bool ReadName(const Value& from, llvm::ArrayRef<const char*> names, Kind& to, Path path,
              StringLiteral expected) {
  const std::optional<StringRef> name = from.getAsString();
  const auto* found = name ? std::find(names.begin(), names.end(), *name) : names.end();
  if (found == names.end()) {
    path.report(expected);
    return false;
  }
  to = static_cast<Kind>(found - names.begin());
  return true;
}

}  // namespace

// ObjectMapper finds these by the type they fill. All numbers are 64 bits wide, because LLVM narrows
// to others without a word.
static bool fromJSON(const Value& from, Frame& to, Path path) {
  ObjectMapper o(from, path);
  Hex offset = {to.offset};
  return o && o.map("function", to.function) && o.map("file", to.file) && o.map("line", to.line) &&
         o.map("column", to.column) && o.map("module", to.module) && o.map("offset", offset) &&
         o.mapOptional("coroutine", to.coroutine);
}

static bool fromJSON(const Value& from, Stack& to, Path path) {
  to.kept = !from.getAsNull();
  return !to.kept || llvm::json::fromJSON(from, to.frames, path);
}

static bool fromJSON(const Value& from, Lock& to, Path path) {
  ObjectMapper o(from, path);
  Hex address = {to.address};
  return o && o.map("address", address) && o.map("write", to.write) && o.map("taken", to.taken);
}

static bool fromJSON(const Value& from, Access::Kind& to, Path path) {
  return ReadName(from, kAccessNames, to, path,
                  "expected read, write, atomic read, atomic write or free");
}

static bool fromJSON(const Value& from, Access& to, Path path) {
  ObjectMapper o(from, path);
  Hex address = {to.address};
  return o && o.map("access", to.kind) && o.map("address", address) && o.map("size", to.size) &&
         o.map("actor", to.actor) && o.map("locks", to.locks) && o.map("stack", to.stack);
}

static bool fromJSON(const Value& from, Object::Kind& to, Path path) {
  return ReadName(from, kObjectNames, to, path, "expected unknown, global, heap, stack or tls");
}

static bool fromJSON(const Value& from, Object& to, Path path) {
  ObjectMapper o(from, path);
  Hex begin = {to.begin};
  return o && o.map("kind", to.kind) && o.map("begin", begin) && o.map("size", to.size) &&
         o.map("actor", to.actor) && o.map("freed", to.freed) && o.map("name", to.name) &&
         o.map("allocated", to.allocated);
}

static bool fromJSON(const Value& from, Actor& to, Path path) {
  ObjectMapper o(from, path);
  return o && o.map("id", to.id) && o.map("name", to.name) && o.map("os_id", to.os_id) &&
         o.map("running", to.running) && o.map("parent", to.parent) && o.map("created", to.created);
}

static bool fromJSON(const Value& from, Step& to, Path path) {
  ObjectMapper o(from, path);
  Hex object = {to.object};
  return o && o.map("actor", to.actor) && o.map("what", to.what) && o.map("object", object) &&
         o.map("name", to.name) && o.map("stack", to.stack);
}

static bool fromJSON(const Value& from, Module& to, Path path) {
  ObjectMapper o(from, path);
  return o && o.map("path", to.path) && o.map("build_id", to.build_id);
}

static bool fromJSON(const Value& from, LockCounts& to, Path path) {
  ObjectMapper o(from, path);
  return o && o.map("acquisitions", to.acquisitions) && o.map("contended", to.contended) &&
         o.map("wait_ms", to.wait_ms);
}

static bool fromJSON(const Value& from, Finding& to, Path path) {
  ObjectMapper o(from, path);
  Hex fingerprint = {to.fingerprint};
  return o && o.map("schema", to.schema) && o.map("kind", to.kind) &&
         o.mapOptional("count", to.count) && o.map("fingerprint", fingerprint) &&
         o.map("pid", to.pid) && o.map("now", to.now) && o.map("before", to.before) &&
         o.mapOptional("steps", to.steps) && o.map("object", to.object) &&
         o.map("actors", to.actors) && (to.schema < 2 || o.map("modules", to.modules)) &&
         o.map("contention", to.contention) && o.map("why", to.why);
}

namespace {

llvm::Error Failure(const llvm::Twine& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

// LLVM's parser recurses for each bracket, so a line of brackets would end us.
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

}  // namespace

llvm::Expected<Finding> ReadRecord(StringRef line) {
  if (TooDeep(line)) return Failure("this is not a record: it is nested more than 16 deep.");
  llvm::Expected<Value> value = llvm::json::parse(line);
  if (!value) return Failure("this is not JSON: " + WhyNotJson(value.takeError()) + ".");
  const llvm::json::Object* object = value->getAsObject();
  if (object == nullptr) return Failure("this is not a record: a record is a JSON object.");
  const Value* schema = object->get("schema");
  const std::optional<uint64_t> number = schema ? schema->getAsUINT64() : std::nullopt;
  if (!number || *number == 0) {
    return Failure("this is not a record: it has no number named \"schema\".");
  }
  if (*number > kRecordSchema) {
    return Failure("the record has schema " + llvm::Twine(*number) + ", these tools read up to " +
                   llvm::Twine(kRecordSchema) + ": use the tools of the CSan that wrote it.");
  }
  Finding finding;
  Path::Root root("record");
  if (fromJSON(*value, finding, root)) return finding;
  return Failure(llvm::toString(root.getError()) + ".");
}

// {"suppression":"race:f","matches":3}: no finding, so not nested and read before those are.
static bool ReadMatches(StringRef line, Records* records) {
  if (!line.starts_with("{\"suppression\":") || TooDeep(line)) return false;
  llvm::Expected<Value> value = llvm::json::parse(line);
  if (!value) {
    llvm::consumeError(value.takeError());
    return false;
  }
  const llvm::json::Object* object = value->getAsObject();
  const std::optional<StringRef> name = object->getString("suppression");
  const Value* matches = object->get("matches");
  const std::optional<uint64_t> n = matches ? matches->getAsUINT64() : std::nullopt;
  if (name && n) records->suppressions[name->str()] += *n;
  return name && n;
}

Records ReadRecords(StringRef text, StringRef name) {
  Records records;
  for (uint64_t number = 1; !text.empty(); number++) {
    const bool whole = text.contains('\n');
    const auto [line, rest] = text.split('\n');
    text = rest;
    if (line.trim().empty() || ReadMatches(line, &records)) continue;
    llvm::Expected<Finding> finding = ReadRecord(line);
    if (finding) {
      records.findings.push_back(std::move(*finding));
      continue;
    }
    const std::string why = llvm::toString(finding.takeError());
    records.problems.push_back(
        (name + ":" + llvm::Twine(number) + ": " + why +
         (whole ? "" : " The line has no end: was the program killed as it wrote?"))
            .str());
  }
  return records;
}

Records ReadRecordFile(StringRef path) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> file =
      llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (file) return ReadRecords((*file)->getBuffer(), path);
  Records none;
  none.problems.push_back((path + ": cannot be read: " + file.getError().message() + ".").str());
  return none;
}

}  // namespace csan::common
