#include "report/symbolizer.h"

#include "base/format.h"
#include "base/string.h"
#include "config/flags.h"
#include "platform/platform.h"

namespace csan {
namespace {

constexpr u32 kModules = 512;
constinit Module* modules = nullptr;
constinit u32 module_count = 0;

enum class Child : u8 { kNotStarted, kRunning, kUnavailable };
constinit Child child = Child::kNotStarted;
constinit int to_child = -1;
constinit int from_child = -1;
constinit char buffer[1 << 14] = {};
constinit uptr buffer_have = 0;
constinit uptr buffer_at = 0;

bool AddMapping(const Mapping& m, void*) {
  if (m.path[0] != '/') return true;
  if (module_count > 0 && StrEq(modules[module_count - 1].path, m.path)) {
    modules[module_count - 1].hi = m.hi;
    return true;
  }
  if (module_count == kModules) return false;
  Module& module = modules[module_count++];
  module.lo = m.lo;
  module.hi = m.hi;
  module.bias = m.lo - m.offset;
  StrCopy(module.path, m.path, sizeof(module.path));
  return true;
}

void ReadModules() {
  if (modules == nullptr) {
    modules = static_cast<Module*>(MapMemory(sizeof(Module) * kModules, "the module list"));
  }
  module_count = 0;
  ForEachMapping(AddMapping, nullptr);
}

bool Exists(const char* path) {
  const int fd = OpenRead(path);
  if (fd < 0) return false;
  CloseFd(fd);
  return true;
}

bool OnPath(const char* name, char* out, uptr size) {
  const char* path = GetEnv("PATH");
  while (path != nullptr && *path != 0) {
    Text text(out, size);
    while (*path != 0 && *path != ':') text.Put(*path++);
    if (*path == ':') path++;
    text.Put('/').Str(name);
    if (Exists(out)) return true;
  }
  return false;
}

bool FindTool(char* out, uptr size) {
  const char* given = flags().external_symbolizer_path.text;
  if (given[0] == 0) given = GetEnv("CSAN_SYMBOLIZER_PATH");
  if (given != nullptr && given[0] != 0) {
    StrCopy(out, given, size);
    return Exists(out);
  }
  if (OnPath("llvm-symbolizer-22", out, size) || OnPath("llvm-symbolizer", out, size)) return true;
  StrCopy(out, "/usr/lib/llvm-22/bin/llvm-symbolizer", size);
  return Exists(out);
}

bool Start() {
  if (child != Child::kNotStarted) return child == Child::kRunning;
  child = Child::kUnavailable;
  if (!flags().symbolize) return false;
  char tool[512];
  if (!FindTool(tool, sizeof(tool))) {
    Say("no llvm-symbolizer found: reports show modules and offsets. Install llvm-22 or set "
        "external_symbolizer_path.");
    return false;
  }
  const char* argv[] = {tool, "--verbose", "--demangle", "--inlines", nullptr};
  int pid = 0;
  if (!Spawn(argv, &to_child, &from_child, &pid)) return false;
  buffer_have = buffer_at = 0;
  child = Child::kRunning;
  return true;
}

// One line without its end; false if the child is gone.
bool ReadLine(char* out, uptr size) {
  uptr n = 0;
  for (;;) {
    if (buffer_at == buffer_have) {
      const sptr got = ReadFd(from_child, buffer, sizeof(buffer));
      if (got <= 0) {
        child = Child::kUnavailable;
        return false;
      }
      buffer_have = static_cast<uptr>(got);
      buffer_at = 0;
    }
    const char c = buffer[buffer_at++];
    if (c == '\n') break;
    if (n + 1 < size) out[n++] = c;
  }
  out[n] = 0;
  return true;
}

bool Ask(const char* what, const Module& module, uptr addr) {
  if (!Start()) return false;
  Line<512> query;
  query.Str(what).Str(" \"").Str(module.path).Str("\" ").Hex(addr - module.bias).Put('\n');
  // A child that died must not kill the program with SIGPIPE.
  const u64 signals = BlockSignals();
  const bool ok = WriteFd(to_child, query.data(), query.size()) > 0;
  RestoreSignals(signals);
  if (!ok) child = Child::kUnavailable;
  return ok;
}

void SetFile(const char* file, Symbol* symbol) {
  const char* prefix = flags().strip_path_prefix.text;
  if (prefix[0] != 0 && StartsWith(file, prefix)) file += StrLen(prefix);
  StrCopy(symbol->file, StrEq(file, "??") ? "" : file, sizeof(symbol->file));
}

u32 Number(const char* digits) {
  u32 value = 0;
  for (; *digits >= '0' && *digits <= '9'; digits++) {
    value = value * 10 + static_cast<u32>(*digits - '0');
  }
  return value;
}

// One line of what --verbose says of a frame: "  Line: 12".
void ReadDetail(const char* line, Symbol* symbol) {
  constexpr char kFile[] = "  Filename: ";
  constexpr char kLine[] = "  Line: ";
  constexpr char kColumn[] = "  Column: ";
  constexpr char kFunctionLine[] = "  Function start line: ";
  if (StartsWith(line, kFile)) SetFile(line + sizeof(kFile) - 1, symbol);
  if (StartsWith(line, kLine)) symbol->line = Number(line + sizeof(kLine) - 1);
  if (StartsWith(line, kColumn)) symbol->column = Number(line + sizeof(kColumn) - 1);
  if (StartsWith(line, kFunctionLine)) {
    symbol->function_line = Number(line + sizeof(kFunctionLine) - 1);
  }
}

// "file:line:column" in place: the file remains in `s`.
void SplitLocation(char* s, Symbol* symbol) {
  u32* const fields[] = {&symbol->column, &symbol->line};
  for (u32* field : fields) {
    *field = 0;
    char* colon = const_cast<char*>(StrRChr(s, ':'));
    if (colon == nullptr) break;
    *field = Number(colon + 1);
    *colon = 0;
  }
  SetFile(s, symbol);
}

}  // namespace

const Module* ModuleAt(uptr pc) {
  for (int again = 0; again < 2; again++) {
    for (u32 i = 0; i < module_count; i++) {
      if (pc >= modules[i].lo && pc < modules[i].hi) return &modules[i];
    }
    if (again == 0) ReadModules();  // first use, or something was loaded since
  }
  return nullptr;
}

u32 Symbolize(uptr pc, Symbol* out, u32 capacity) {
  const Module* module = ModuleAt(pc);
  if (module == nullptr || !Ask("CODE", *module, pc)) return 0;
  u32 n = 0;
  char line[1024];
  Symbol beyond;
  Symbol* symbol = &beyond;
  while (ReadLine(line, sizeof(line)) && line[0] != 0) {
    if (line[0] == ' ') {
      ReadDetail(line, symbol);
      continue;
    }
    symbol = n < capacity ? &out[n++] : &beyond;
    StrCopy(symbol->function, StrEq(line, "??") ? "" : line, sizeof(symbol->function));
    symbol->file[0] = 0;
    symbol->line = symbol->column = symbol->function_line = 0;
  }
  return n == 1 && out[0].function[0] == 0 && out[0].file[0] == 0 ? 0 : n;
}

bool SymbolizeData(uptr addr, Symbol* out, uptr* begin, uptr* size) {
  const Module* module = ModuleAt(addr);
  if (module == nullptr || !Ask("DATA", *module, addr)) return false;
  char line[1024];
  bool ok = ReadLine(line, sizeof(line));
  if (!ok) return false;
  StrCopy(out->function, line, sizeof(out->function));
  uptr numbers[2] = {0, 0};
  if (ReadLine(line, sizeof(line))) {
    const char* s = line;
    for (uptr& number : numbers) {
      while (*s == ' ') s++;
      for (; *s >= '0' && *s <= '9'; s++) number = number * 10 + static_cast<uptr>(*s - '0');
    }
  }
  out->file[0] = 0;
  out->line = out->column = 0;
  while (ReadLine(line, sizeof(line)) && line[0] != 0) {
    if (out->file[0] == 0) {
      SplitLocation(line, out);
      if (out->line == 0) {
        out->line = out->column;
        out->column = 0;
      }
    }
  }
  *begin = numbers[0] + module->bias;
  *size = numbers[1];
  return !StrEq(out->function, "??");
}

void ForgetSymbolizer() {
  if (child != Child::kRunning) return;
  CloseFd(to_child);
  CloseFd(from_child);
  child = Child::kNotStarted;
}

}  // namespace csan
