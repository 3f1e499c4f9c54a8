#include "story.h"

#include "kinds.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "place.h"
#include "text_util.h"

namespace csan::report {

using common::Access;
using common::Finding;
using common::Object;
using common::Stack;
using llvm::StringRef;
using llvm::Twine;

namespace {

std::string Hex(uint64_t value) { return "0x" + llvm::utohexstr(value, /*LowerCase=*/true); }

std::string VisibleActor(const Finding& finding, uint64_t actor) {
  return Visible(ActorName(finding, actor));
}

class Teller {
 public:
  explicit Teller(const Finding& finding) : finding_(finding) {}

  std::vector<Part> Parts() {
    if (finding_.steps.empty()) {
      AddAccess(finding_.now, false);
      if (finding_.before.address != 0 || !finding_.before.stack.frames.empty()) {
        AddAccess(finding_.before, true);
      }
      AddLocks(finding_.now);
      AddLocks(finding_.before);
    }
    for (const common::Step& step : finding_.steps) AddStep(step);
    AddObject();
    for (const common::Coroutine& coroutine : finding_.coroutines) AddCoroutine(coroutine);
    for (const common::Actor& actor : finding_.actors) AddActor(actor);
    return std::move(parts_);
  }

 private:
  void Add(Part::Role role, const Twine& heading, uint64_t actor, const Stack& stack,
           uint64_t object = 0) {
    parts_.push_back({role, heading.str(), actor, &stack, InnermostOwn(stack), object});
  }

  void AddAccess(const Access& access, bool earlier) {
    std::string text = earlier ? "earlier " : "";
    text += common::kAccessNames[static_cast<size_t>(access.kind)];
    if (access.size != 0) text += " of " + Count(access.size, "byte", "bytes");
    text += " by " + VisibleActor(finding_, access.actor);
    for (size_t i = 0; i < access.locks.size(); i++) {
      text += i == 0 ? ", holding " : " and ";
      text += access.locks[i].write ? "lock " : "read lock ";
      text += Hex(access.locks[i].address);
    }
    Add(Part::Role::kEvent, text, access.actor, access.stack, access.address);
  }

  void AddLocks(const Access& access) {
    for (const common::Lock& lock : access.locks) {
      Add(Part::Role::kTaken,
          "lock " + Hex(lock.address) + " taken by " + VisibleActor(finding_, access.actor),
          access.actor, lock.taken, lock.address);
    }
  }

  void AddStep(const common::Step& step) {
    std::string text = VisibleActor(finding_, step.actor) + " " + Visible(step.what);
    if (!step.name.empty()) {
      text += " '" + Visible(step.name) + "'";
    } else if (step.object != 0) {
      text += " " + Hex(step.object);
    }
    Add(Part::Role::kEvent, text, step.actor, step.stack, step.object);
  }

  void AddObject() {
    const Object& object = finding_.object;
    if (object.kind != Object::Kind::kHeap) return;
    Add(Part::Role::kObject,
        Twine(object.freed ? "freed " : "") + "heap block of " +
            Count(object.size, "byte", "bytes") + " allocated by " +
            VisibleActor(finding_, object.actor),
        object.actor, object.allocated, object.begin);
  }

  void AddCoroutine(const common::Coroutine& coroutine) {
    Add(Part::Role::kCreated,
        "coroutine " + Visible(coroutine.function) + " (resumed by " +
            VisibleActor(finding_, coroutine.actor) + ") created",
        coroutine.actor, coroutine.created);
  }

  void AddActor(const common::Actor& actor) {
    if (actor.id == 0 && actor.created.frames.empty()) return;
    Add(Part::Role::kCreated,
        VisibleActor(finding_, actor.id) + (actor.running ? "" : " (ended)") + " created by " +
            VisibleActor(finding_, actor.parent),
        actor.parent, actor.created);
  }

  const Finding& finding_;
  std::vector<Part> parts_;
};

std::string ObjectText(const Finding& finding) {
  const Object& object = finding.object;
  switch (object.kind) {
    case Object::Kind::kUnknown:
      break;
    case Object::Kind::kGlobal:
      return object.name.empty() ? "a global" : Visible(object.name);
    case Object::Kind::kHeap:
      return (object.freed ? "a freed heap block of " : "a heap block of ") +
             Count(object.size, "byte", "bytes");
    case Object::Kind::kStack:
      return "the stack of " + VisibleActor(finding, object.actor);
    case Object::Kind::kTls:
      return "a thread-local variable of " + VisibleActor(finding, object.actor);
  }
  std::string names;
  for (const common::Step& step : finding.steps) {
    const std::string name = Visible(step.name);
    if (name.empty() || StringRef(", " + names + ",").contains(", " + name + ",")) continue;
    names += names.empty() ? name : ", " + name;
  }
  return names;
}

std::string MessageOf(const Finding& finding, const Story& story) {
  std::string text = story.title;
  if (!text.empty()) text[0] = llvm::toUpper(text[0]);
  if (!story.object.empty()) text += " on " + story.object;
  if (story.place != nullptr && !story.place->function.empty()) {
    text += " in " + Visible(ShortName(story.place->function));
  }
  const Part* other = nullptr;
  for (const Part& part : story.parts) {
    if (part.role == Part::Role::kEvent && part.place != nullptr && part.place != story.place &&
        (story.place == nullptr || part.place->function != story.place->function)) {
      other = &part;
      break;
    }
  }
  if (other != nullptr && !other->place->function.empty()) {
    text += " and " + Visible(ShortName(other->place->function));
  }
  text += ".";
  if (!finding.why.empty()) text += " Why: " + Visible(finding.why);
  return text;
}

}  // namespace

Story StoryOf(const Finding& finding) {
  Story story;
  story.title = Visible(TitleOf(finding.kind));
  story.object = ObjectText(finding);
  story.place = PrimaryFrame(finding);
  story.parts = Teller(finding).Parts();
  story.message = MessageOf(finding, story);
  return story;
}

std::string SuppressionOf(const Finding& finding) {
  const Kind* kind = FindKind(finding.kind);
  const common::Frame* frame = PrimaryFrame(finding);
  if (kind == nullptr || frame == nullptr || frame->function.empty()) return "";
  return (kind->silenced_by + ":^" + Visible(frame->function) + "$").str();
}

}  // namespace csan::report
