#include "symbolize.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/BuildID.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace csan::report {

using common::Finding;
using common::Frame;
using common::Stack;
using llvm::StringRef;
using llvm::symbolize::LLVMSymbolizer;

namespace {

LLVMSymbolizer::Options OptionsFor(const std::vector<std::string>& debug_folders) {
  LLVMSymbolizer::Options options;
  options.PrintFunctions = llvm::symbolize::FunctionNameKind::LinkageName;
  options.DebugFileDirectory = debug_folders;
  return options;
}

// In hexadecimal; empty if the file is none that is loaded into programs, or has none.
std::string BuildIdOf(StringRef path) {
  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::status(path, status) ||
      status.type() != llvm::sys::fs::file_type::regular_file) {
    return "";
  }
  auto file = llvm::object::ObjectFile::createObjectFile(path);
  if (!file) {
    llvm::consumeError(file.takeError());
    return "";
  }
  return llvm::toHex(llvm::object::getBuildID(file->getBinary()), /*LowerCase=*/true);
}

// As the runtime names parts of coroutines (runtime/report/render.cc).
void TakeCoroutinePart(Frame* frame) {
  llvm::StringRef name = frame->function;
  if (name.consume_back(" (.resume)")) {
    frame->coroutine = "resumed";
  } else if (name.consume_back(" (.destroy)") || name.consume_back(" (.cleanup)")) {
    frame->coroutine = "destroyed";
  }
  frame->function = name.str();
}

Frame FrameOf(const llvm::DILineInfo& line, const Frame& from) {
  Frame frame = from;
  if (line.FunctionName != llvm::DILineInfo::BadString) frame.function = line.FunctionName;
  TakeCoroutinePart(&frame);
  if (line.FileName != llvm::DILineInfo::BadString) {
    llvm::SmallString<256> file(line.FileName);
    llvm::sys::path::remove_dots(file, /*remove_dot_dot=*/true);
    frame.file = file.str().str();
    frame.line = line.Line;
    frame.column = line.Column;
  }
  return frame;
}

}  // namespace

Symbolizer::Symbolizer(const Paths& paths, const std::vector<std::string>& debug_folders)
    : paths_(paths), debug_folders_(debug_folders), symbolizer_(OptionsFor(debug_folders)) {}

std::string Symbolizer::FileOf(const std::string& module) {
  const std::string& id = build_ids_[module];
  if (id.empty()) return "";
  const auto [at, is_new] = files_.try_emplace({module, id});
  if (!is_new) return at->second;
  std::vector<std::string> candidates = {paths_.Here(module)};
  for (const std::string& folder : debug_folders_) {
    candidates.push_back(folder + "/.build-id/" + id.substr(0, 2) + "/" + id.substr(2) + ".debug");
  }
  for (const std::string& candidate : candidates) {
    if (BuildIdOf(candidate) == id) return at->second = candidate;
  }
  problems_.push_back(module + ": frames have no names, because no file with its build id " + id +
                      " was found; --prefix-map or --debug-dir says where.");
  return "";
}

void Symbolizer::CheckSplit(const std::string& file, const Frame& frame) {
  if (lacking_.count(file) != 0) return;
  const std::string dwo = split_.Missing(file, frame.offset);
  if (dwo.empty()) return;
  lacking_.insert(file);
  remarks_.push_back(frame.module.str() + ": inlined calls may be missing, because " + dwo +
                     " was not found; keep the .dwo files, or put " +
                     llvm::sys::path::filename(file).str() +
                     ".dwp, which llvm-dwp makes of them, beside the program.");
}

const std::vector<Frame>& Symbolizer::Named(const Frame& frame) {
  const std::string file = FileOf(frame.module.str());
  const auto [at, is_new] = named_.try_emplace({file, frame.offset});
  if (!is_new) return at->second;
  std::vector<Frame>& frames = at->second;
  if (!file.empty()) {
    auto lines = symbolizer_.symbolizeInlinedCode(
        file, {frame.offset, llvm::object::SectionedAddress::UndefSection});
    if (!lines) {
      problems_.push_back(frame.module.str() + ": " + llvm::toString(lines.takeError()) + ".");
    } else {
      for (uint32_t i = 0; i < lines->getNumberOfFrames(); i++) {
        frames.push_back(FrameOf(lines->getFrame(i), frame));
      }
      CheckSplit(file, frame);
    }
  }
  if (frames.empty()) frames.push_back(frame);
  return frames;
}

void Symbolizer::NameStack(Stack* stack) {
  const auto lacks = [](const Frame& frame) {
    return frame.function.empty() && frame.file.empty() && !frame.module.empty();
  };
  if (llvm::none_of(stack->frames, lacks)) return;
  common::Frames frames;
  for (const Frame& frame : stack->frames) {
    if (!lacks(frame)) {
      frames.push_back(frame);
      continue;
    }
    for (Frame one : Named(frame)) {
      // The cache is of a place in a file, by whatever name it was loaded.
      one.module = frame.module;
      frames.push_back(one);
    }
  }
  stack->frames = std::move(frames);
}

void Symbolizer::NameFrames(Merged* merged) {
  for (Entry& entry : merged->entries()) {
    Finding& finding = entry.finding;
    build_ids_.clear();
    for (const common::Module& module : finding.modules)
      build_ids_[module.path.str()] = module.build_id.str();
    for (common::Access* access : {&finding.now, &finding.before}) {
      NameStack(&access->stack);
      for (common::Lock& lock : access->locks) NameStack(&lock.taken);
    }
    for (common::Step& step : finding.steps) NameStack(&step.stack);
    for (common::Actor& actor : finding.actors) NameStack(&actor.created);
    for (common::Coroutine& c : finding.coroutines) NameStack(&c.created);
    NameStack(&finding.object.allocated);
  }
  for (std::string& problem : problems_) merged->AddProblem(std::move(problem));
  for (std::string& remark : remarks_) merged->AddRemark(std::move(remark));
  problems_.clear();
  remarks_.clear();
}

}  // namespace csan::report
