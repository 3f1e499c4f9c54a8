#include "uninstrumented.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "llvm/ADT/STLExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace csan::driver {
namespace {

using llvm::StringRef;

// What the pass leaves (llvm-pass/plugin/Plugin.cpp).
constexpr StringRef kMarkerSection = ".csan.compiled";
constexpr StringRef kMarkerName = "csan.compiled";

// The toolchain's, in every link. Their order with the program is known.
constexpr StringRef kEverywhere[] = {
    "crt", "Scrt", "gcrt", "Mcrt", "libgcc", "libc_nonshared.a", "libclang_rt."};

struct Name {
  StringRef file;
  StringRef member;  // empty if none
};

// "a.a(b.o)" of lld and gold, "(a.a)b.o" of bfd.
Name Split(StringRef line) {
  if (line.starts_with("(")) {
    const auto [file, member] = line.drop_front().split(')');
    return {file, member};
  }
  if (line.ends_with(")")) {
    const size_t open = line.rfind('(');
    if (open != StringRef::npos && open != 0) {
      return {line.take_front(open), line.drop_front(open + 1).drop_back()};
    }
  }
  return {line, ""};
}

bool HasMarker(llvm::MemoryBufferRef buffer) {
  if (llvm::identify_magic(buffer.getBuffer()) == llvm::file_magic::bitcode) {
    llvm::LLVMContext context;
    auto module = llvm::getLazyBitcodeModule(buffer, context);
    if (!module) {
      llvm::consumeError(module.takeError());
      return true;
    }
    return (*module)->getNamedValue(kMarkerName) != nullptr;
  }
  auto object = llvm::object::ObjectFile::createObjectFile(buffer);
  if (!object) {
    llvm::consumeError(object.takeError());
    return true;
  }
  const auto* elf = llvm::dyn_cast<llvm::object::ELFObjectFileBase>(object->get());
  if (elf == nullptr || elf->getEType() != llvm::ELF::ET_REL) return true;
  for (const llvm::object::SectionRef& section : elf->sections()) {
    llvm::Expected<StringRef> name = section.getName();
    if (!name) {
      llvm::consumeError(name.takeError());
    } else if (*name == kMarkerSection) {
      return true;
    }
  }
  return false;
}

// Of several members of one name, the worst counts.
bool MemberHasMarker(llvm::MemoryBufferRef buffer, StringRef member) {
  llvm::Error error = llvm::Error::success();
  llvm::object::Archive archive(buffer, error);
  bool all = true;
  if (!error) {
    for (const auto& child : archive.children(error)) {
      llvm::Expected<StringRef> name = child.getName();
      if (!name) {
        llvm::consumeError(name.takeError());
        continue;
      }
      if (*name != member && llvm::sys::path::filename(*name) != member) continue;
      llvm::Expected<llvm::MemoryBufferRef> content = child.getMemoryBufferRef();
      if (!content) {
        llvm::consumeError(content.takeError());
        continue;
      }
      all &= HasMarker(*content);
    }
  }
  llvm::consumeError(std::move(error));
  return all;
}

}  // namespace

bool IsListed(const std::string& line) { return llvm::sys::fs::exists(Split(line).file); }

bool IsUninstrumented(const std::string& line) {
  const Name name = Split(line);
  const StringRef base = llvm::sys::path::filename(name.file);
  if (llvm::any_of(kEverywhere, [&](StringRef prefix) { return base.starts_with(prefix); }))
    return false;
  auto buffer =
      llvm::MemoryBuffer::getFile(name.file, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) return false;
  const llvm::file_magic magic = llvm::identify_magic((*buffer)->getBuffer());
  if (magic == llvm::file_magic::archive) {
    return !name.member.empty() && !MemberHasMarker(**buffer, name.member);
  }
  return !HasMarker(**buffer);
}

int RunAndList(const std::string& program, const std::string& command,
               llvm::function_ref<void()> become) {
  int ends[2];
  if (pipe(ends) != 0) {
    std::perror(program.c_str());
    return 1;
  }
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    become();
    llvm::errs() << program << ": error: cannot run '" << command << "': " << std::strerror(errno)
                 << '\n';
    _exit(1);
  }
  close(ends[1]);
  std::vector<std::string> named;
  std::FILE* lines = fdopen(ends[0], "r");
  char* line = nullptr;
  size_t size = 0;
  for (ssize_t n; lines != nullptr && (n = getline(&line, &size, lines)) > 0;) {
    const std::string text(line, static_cast<size_t>(line[n - 1] == '\n' ? n - 1 : n));
    // Temporary objects are gone once the command has ended.
    if (!IsListed(text)) {
      llvm::outs() << text << '\n';
    } else if (IsUninstrumented(text)) {
      const Name name = Split(text);
      std::string shown = name.file.str();
      if (!name.member.empty()) shown += "(" + name.member.str() + ")";
      if (!llvm::is_contained(named, shown)) named.push_back(shown);
    }
  }
  std::free(line);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  for (const std::string& text : named) {
    llvm::errs() << program << ": note: not compiled with -fsanitize=concurrency: " << text << '\n';
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace csan::driver
