#include "command_line.h"

#include "clang/Options/Options.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/TargetParser/Triple.h"

namespace csan::driver {
namespace {

namespace options = clang::options;
using llvm::StringRef;
using llvm::opt::Arg;
using llvm::opt::InputArgList;

constexpr StringRef kOurs = "concurrency";
constexpr StringRef kDetectors[] = {"race", "lock-order", "deadlock", "leak", "channel"};
constexpr StringRef kList = "-fsanitize-concurrency-report-uninstrumented";
constexpr StringRef kSelect = "-fsanitize-concurrency=";
constexpr StringRef kModel = "-fsanitize-concurrency-model=";

// What the command asks for, as far as it matters to us.
struct Wish {
  bool enabled = false;
  std::string ours;   // the argument that enabled us, as written
  std::string rival;  // a sanitizer that cannot be combined
  bool fuzzer = false;
  bool lists = false;
  std::vector<std::string> models;
};

// What clang does not combine with its thread sanitizer, and three that bring their own malloc or shadow.
constexpr StringRef kRivals[] = {
    "address",          "thread",        "memory", "leak",        "hwaddress",    "kernel-address",
    "kernel-hwaddress", "kernel-memory", "scudo",  "safe-stack",  "realtime",     "type",
    "dataflow",         "numerical",     "memtag", "memtag-heap", "memtag-stack", "memtag-globals"};

// Takes our name out of a comma list; empty if nothing remains.
std::string WithoutOurs(StringRef prefix, StringRef list) {
  llvm::SmallVector<StringRef, 4> names;
  list.split(names, ',');
  std::string rest;
  for (StringRef name : names) {
    if (name == kOurs) continue;
    rest += (rest.empty() ? "" : ",") + name.str();
  }
  return rest.empty() ? "" : (prefix + rest).str();
}

bool Names(StringRef list, StringRef wanted) {
  llvm::SmallVector<StringRef, 4> names;
  list.split(names, ',');
  return llvm::is_contained(names, wanted);
}

std::string Folder(StringRef file) { return llvm::sys::path::parent_path(file).str(); }
std::string FileName(StringRef file) { return llvm::sys::path::filename(file).str(); }

Result Fail(std::string error) {
  Result r;
  r.ok = false;
  r.error = std::move(error);
  return r;
}

// Whether an argument for the linker satisfies `wanted`. The only look at them: what the program or the
// library may not leave undefined or hide decides which form of the runtime it gets.
template <typename Predicate>
bool HasLinkFlag(const InputArgList& parsed, Predicate wanted) {
  for (const Arg* a :
       parsed.filtered(options::OPT_Wl_COMMA, options::OPT_Xlinker, options::OPT_z)) {
    if (llvm::any_of(a->getValues(), wanted)) return true;
  }
  return false;
}

bool ForbidsUndefined(StringRef flag) {
  return flag == "defs" || flag == "-zdefs" || flag == "--no-undefined" ||
         flag == "-no-undefined" || flag == "--unresolved-symbols=report-all";
}

bool HidesArchives(StringRef flag) {
  flag = flag.ltrim('-');
  return flag.starts_with("version-script") || flag.starts_with("exclude-libs");
}

// Whether clang makes a precompiled header of an input, and so links nothing.
bool HasHeader(const InputArgList& parsed) {
  StringRef language;
  for (const Arg* a : parsed.filtered(options::OPT_x, options::OPT_INPUT)) {
    const StringRef value = a->getValue();
    if (a->getOption().matches(options::OPT_x)) {
      language = value == "none" ? "" : value;
    } else if (!language.empty()) {
      if (language.contains("header")) return true;
    } else if (llvm::is_contained({".h", ".H", ".hh", ".hpp", ".hxx", ".h++", ".hp"},
                                  llvm::sys::path::extension(value))) {
      return true;
    }
  }
  return false;
}

// Loaded early as well, the plugin has its own options: that what it instruments is optimised again, and the
// models, which then count among the files that the object was made from.
void AddPluginOptions(std::vector<std::string>* args, const std::string& plugin, bool bitcode,
                      const std::vector<std::string>& models) {
  if (!bitcode && models.empty()) return;
  args->insert(args->end(), {"-Xclang", "-load", "-Xclang", plugin});
  if (bitcode) args->insert(args->end(), {"-mllvm", "-csan-writes-bitcode"});
  for (const std::string& model : models) {
    args->insert(args->end(), {"-mllvm", "-csan-model=" + model, "-fdepfile-entry=" + model});
  }
}

// The target if it is one that we have no runtime for.
std::string OtherTarget(const InputArgList& parsed) {
  const Arg* named = parsed.getLastArg(options::OPT_target, options::OPT_target_legacy_spelling);
  llvm::Triple triple(llvm::Triple::normalize(named ? named->getValue() : "x86_64-pc-linux-gnu"));
  if (const Arg* width = parsed.getLastArg(options::OPT_m32, options::OPT_m64, options::OPT_mx32)) {
    if (width->getOption().matches(options::OPT_m32)) triple = triple.get32BitArchVariant();
    if (width->getOption().matches(options::OPT_m64)) triple = triple.get64BitArchVariant();
    if (width->getOption().matches(options::OPT_mx32)) triple.setEnvironment(llvm::Triple::GNUX32);
  }
  const bool ours = triple.getArch() == llvm::Triple::x86_64 && triple.isOSLinux() &&
                    triple.getEnvironment() != llvm::Triple::GNUX32 && !triple.isMusl() &&
                    !triple.isAndroid();
  return ours ? "" : triple.str();
}

}  // namespace

Result Rewrite(const std::vector<std::string>& args, const Installation& where) {
  Result out;
  if (!args.empty() && (args[0] == "-cc1" || args[0] == "-cc1as")) {
    out.args = args;
    return out;
  }

  // Read the command with response files opened, and forward it with them closed if that will do.
  llvm::BumpPtrAllocator memory;
  llvm::StringSaver saver(memory);
  llvm::SmallVector<const char*, 64> expanded;
  for (const std::string& a : args) expanded.push_back(saver.save(a).data());
  llvm::cl::ExpansionContext context(memory, llvm::cl::TokenizeGNUCommandLine);
  if (llvm::Error error = context.expandResponseFiles(expanded)) {
    return Fail(llvm::toString(std::move(error)));
  }
  bool flag_in_response_file = false;
  auto is_ours = [](StringRef a) { return a.starts_with("-fsanitize") && a.contains(kOurs); };
  for (const char* a : expanded) {
    if (is_ours(a) && !llvm::is_contained(args, a)) flag_in_response_file = true;
  }
  std::vector<std::string> forward = args;
  if (flag_in_response_file) forward.assign(expanded.begin(), expanded.end());

  // Our own words, which clang does not know.
  Wish wish;
  std::vector<std::string> kept;
  for (size_t i = 0; i < forward.size(); i++) {
    StringRef a = forward[i];
    if (a.starts_with(kSelect)) {
      llvm::SmallVector<StringRef, 4> names;
      a.drop_front(kSelect.size()).split(names, ',');
      for (StringRef name : names) {
        if (!llvm::is_contained(kDetectors, name)) {
          return Fail(("unsupported argument '" + name + "' to option '" + kSelect + "'").str());
        }
      }
      continue;
    }
    if (a.starts_with(kModel)) {
      wish.models.push_back(a.drop_front(kModel.size()).str());
      continue;
    }
    if (a == kList) {
      wish.lists = true;
      continue;
    }
    // An option's separate value may look like a flag; -Xclang and -o swallow the next argument.
    if ((a == "-o" || a == "-Xclang" || a == "-include" || a == "-MF" || a == "-MT" ||
         a == "-Xlinker") &&
        i + 1 < forward.size()) {
      kept.push_back(forward[i]);
      kept.push_back(forward[++i]);
      continue;
    }
    if (a.starts_with("-fsanitize=") && Names(a.drop_front(11), kOurs)) {
      wish.enabled = true;
      wish.ours = a.str();
      std::string rest = WithoutOurs("-fsanitize=", a.drop_front(11));
      if (!rest.empty()) kept.push_back(rest);
      continue;
    }
    if (a.starts_with("-fno-sanitize=") &&
        (Names(a.drop_front(14), kOurs) || a == "-fno-sanitize=all")) {
      wish.enabled = false;
      std::string rest = WithoutOurs("-fno-sanitize=", a.drop_front(14));
      if (!rest.empty()) kept.push_back(rest);
      continue;
    }
    kept.push_back(forward[i]);
  }
  out.args = kept;
  if (!wish.enabled) return out;

  llvm::SmallVector<const char*, 64> read;
  for (const std::string& a : kept) read.push_back(saver.save(a).data());
  if (llvm::Error error = context.expandResponseFiles(read)) llvm::consumeError(std::move(error));
  unsigned missing_index = 0;
  unsigned missing_count = 0;
  InputArgList parsed = clang::getDriverOptTable().ParseArgs(
      read, missing_index, missing_count, llvm::opt::Visibility(options::ClangOption));

  for (const Arg* a : parsed.filtered(options::OPT_fsanitize_EQ, options::OPT_fno_sanitize_EQ)) {
    const bool on = a->getOption().matches(options::OPT_fsanitize_EQ);
    for (StringRef name : a->getValues()) {
      if (name == "fuzzer") wish.fuzzer = on;
      if (!llvm::is_contained(kRivals, name)) continue;
      if (on) {
        wish.rival = name.str();
      } else if (wish.rival == name) {
        wish.rival.clear();
      }
    }
  }
  if (!wish.rival.empty()) {
    return Fail("invalid argument '-fsanitize=concurrency' not allowed with '-fsanitize=" +
                wish.rival + "'");
  }
  const std::string target = OtherTarget(parsed);
  if (!target.empty()) {
    return Fail("unsupported option '-fsanitize=concurrency' for target '" + target + "'");
  }
  if (parsed.hasArg(options::OPT_static) || parsed.hasArg(options::OPT_static_pie)) {
    return Fail(
        "invalid argument '-static' not allowed with '-fsanitize=concurrency'; the runtime "
        "stands in front of the shared C library's functions");
  }

  const bool asks =
      parsed.hasArg(options::OPT__HASH_HASH_HASH) || parsed.hasArg(options::OPT__version);
  const bool preprocess_only = parsed.hasArg(options::OPT_E) || parsed.hasArg(options::OPT_M) ||
                               parsed.hasArg(options::OPT_MM);
  const bool compile_only =
      parsed.hasArg(options::OPT_c) || parsed.hasArg(options::OPT_S) ||
      parsed.hasArg(options::OPT_fsyntax_only) || parsed.hasArg(options::OPT__precompile) ||
      parsed.hasArg(options::OPT__analyze) || parsed.hasArg(options::OPT_emit_ast) ||
      parsed.hasArg(options::OPT_extract_api) || parsed.hasArg(options::OPT_fmodule_header) ||
      parsed.hasArg(options::OPT_fmodule_header_EQ) || HasHeader(parsed);
  const bool has_input = parsed.hasArg(options::OPT_INPUT);
  const bool links = has_input && !asks && !preprocess_only && !compile_only;
  const bool shared = parsed.hasArg(options::OPT_shared) || parsed.hasArg(options::OPT_r);
  if (!has_input) return out;

  std::vector<std::string> front = {"--start-no-unused-arguments"};
  if (!preprocess_only) {
    front.push_back("-fpass-plugin=" + where.plugin);
    out.needed.push_back(where.plugin);
    AddPluginOptions(&front, where.plugin, parsed.hasArg(options::OPT_emit_llvm), wish.models);
    out.models = wish.models;
  }
  // clang's front end marks the functions to be checked and defines what libraries look for; its own
  // pass is told to add nothing.
  for (const char* a :
       {"-Xclang", "-fsanitize=thread", "-mllvm", "-tsan-instrument-memory-accesses=0", "-mllvm",
        "-tsan-instrument-atomics=0", "-mllvm", "-tsan-instrument-func-entry-exit=0", "-mllvm",
        "-tsan-instrument-memintrinsics=0", "-D__SANITIZE_CONCURRENCY__=1",
        "-fno-omit-frame-pointer"}) {
    front.push_back(a);
  }
  front.push_back("-isystem");
  front.push_back(where.include_dir);
  if (!parsed.hasArg(options::OPT_g_Group)) front.push_back("-gline-tables-only");
  front.push_back("--end-no-unused-arguments");

  // Position independent whatever was asked for, as clang does for its thread sanitizer.
  std::vector<std::string> back = {"--start-no-unused-arguments"};
  if (!shared) {
    const Arg* pic = parsed.getLastArg(
        options::OPT_fPIC, options::OPT_fpic, options::OPT_fPIE, options::OPT_fpie,
        options::OPT_fno_PIC, options::OPT_fno_pic, options::OPT_fno_PIE, options::OPT_fno_pie);
    const bool is_pic = pic && !StringRef(pic->getAsString(parsed)).starts_with("-fno");
    if (!is_pic) back.push_back("-fPIE");
  }
  if (links && !shared) {
    if (wish.fuzzer || HasLinkFlag(parsed, HidesArchives)) {
      // Hidden, the archive's functions would not stand in front of the C library's for other libraries,
      // and some are libFuzzer's as well. In front of all libraries, the shared runtime's do.
      for (const std::string& a :
           {std::string("-Wl,--push-state,--no-as-needed"), "-Wl," + where.shared,
            std::string("-Wl,--pop-state"), "-Wl,-rpath," + Folder(where.shared)}) {
        front.insert(front.end() - 1, a);
      }
      back.push_back("-pie");
      out.needed.push_back(where.shared);
    } else {
      // The program is also the shared runtime of the libraries that ask for it by name.
      for (const std::string& a :
           {std::string("-pie"), std::string("-Wl,--whole-archive"), "-Wl," + where.archive,
            std::string("-Wl,--no-whole-archive"), "-Wl,--dynamic-list=" + where.exported,
            "-Wl,-soname," + FileName(where.shared), "-Wl,-rpath-link," + Folder(where.shared),
            std::string("-ldl"), std::string("-lpthread"), std::string("-lc")}) {
        back.push_back(a);
      }
      out.needed.push_back(where.archive);
      out.needed.push_back(where.exported);
    }
  } else if (links && HasLinkFlag(parsed, ForbidsUndefined)) {
    back.push_back("-Wl," + where.shared);
    out.needed.push_back(where.shared);
  }
  if (links && wish.lists) {
    // Twice: with the members of archives.
    back.push_back("-Wl,--trace,--trace");
    out.lists = true;
  }
  back.push_back("--end-no-unused-arguments");
  out.args = front;
  out.args.insert(out.args.end(), kept.begin(), kept.end());
  if (back.size() > 2) out.args.insert(out.args.end(), back.begin(), back.end());
  return out;
}

}  // namespace csan::driver
