#include "drawing.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "llvm/ADT/StringExtras.h"
#include "place.h"
#include "text_util.h"

namespace csan::report {

using common::Finding;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

namespace {

constexpr int64_t kLane = 250;
constexpr int64_t kMargin = 110;  // half of the longest name of a lane
constexpr int64_t kRow = 40;
constexpr int64_t kTop = 58;
constexpr size_t kLanesMax = 8;
constexpr size_t kLabel = 34;

std::string Cut(std::string text, size_t width) {
  if (text.size() <= width) return text;
  // Not within a character.
  size_t n = width;
  while (n > 0 && (static_cast<unsigned char>(text[n]) & 0xC0) == 0x80) n--;
  return text.substr(0, n) + "…";
}

// What a part says without its actor, whose lane it is in.
std::string Label(const Finding& finding, const Part& part) {
  std::string text = part.heading;
  const std::string actor = Visible(ActorName(finding, part.actor));
  if (StringRef(text).starts_with(actor + " ")) text = text.substr(actor.size() + 1);
  if (const size_t by = text.find(" by " + actor); by != std::string::npos) {
    text.erase(by, actor.size() + 4);
  }
  return Cut(StringRef(text).split(", holding").first.str(), kLabel);
}

class Timeline {
 public:
  Timeline(const Finding& finding, Colours* colours) : finding_(finding), colours_(colours) {}

  Value Draw(const Story& story) {
    for (const Part& part : story.parts) {
      if (part.role == Part::Role::kEvent) LaneOf(part.actor);
    }
    for (const common::Actor& actor : finding_.actors) AddCreation(actor);
    for (const Part* part : InOrder(story)) AddDot(*part);
    return Object{
        {"width", kLane * static_cast<int64_t>(std::max<size_t>(lanes_.size(), 1)) + kMargin + 60},
        {"height", y_ + 10},
        {"lanes", Lanes()},
        {"spawns", std::move(spawns_)},
        {"dots", std::move(dots_)}};
  }

 private:
  // -1: no room for one.
  int64_t LaneOf(uint64_t actor) {
    const auto at = std::find(lanes_.begin(), lanes_.end(), actor);
    if (at == lanes_.end() && lanes_.size() == kLanesMax) return -1;
    const int64_t lane = at - lanes_.begin();
    if (at == lanes_.end()) lanes_.push_back(actor);
    return lane;
  }
  static int64_t X(int64_t lane) { return kMargin + lane * kLane; }

  void AddCreation(const common::Actor& actor) {
    const auto is_lane = std::find(lanes_.begin(), lanes_.end(), actor.id) != lanes_.end();
    if (!is_lane || actor.id == 0) return;
    const int64_t parent = LaneOf(actor.parent);
    const int64_t child = LaneOf(actor.id);
    if (parent < 0 || parent == child) return;
    spawns_.push_back(Object{{"x1", X(parent)}, {"x2", X(child)}, {"y", y_}});
    AddText(parent, actor.parent, Cut("creates " + Visible(ActorName(finding_, actor.id)), kLabel));
  }

  // What the finding is about comes last, and the access before it before that.
  static std::vector<const Part*> InOrder(const Story& story) {
    std::vector<const Part*> order;
    const auto add = [&](auto wanted) {
      for (const Part& part : story.parts) {
        if (wanted(part)) order.push_back(&part);
      }
    };
    const auto is_event = [](const Part& part) { return part.role == Part::Role::kEvent; };
    const auto is_wait = [](const Part& part) {
      return StringRef(part.heading).contains(" waits");
    };
    const auto is_earlier = [](const Part& part) {
      return StringRef(part.heading).starts_with("earlier");
    };
    add([&](const Part& part) { return part.role == Part::Role::kObject; });
    add([&](const Part& part) { return part.role == Part::Role::kTaken; });
    add([&](const Part& part) { return is_event(part) && is_earlier(part); });
    add([&](const Part& part) { return is_event(part) && !is_earlier(part) && !is_wait(part); });
    add([&](const Part& part) { return is_event(part) && is_wait(part); });
    return order;
  }

  void AddDot(const Part& part) {
    const int64_t lane = LaneOf(part.actor);
    if (lane < 0) return;
    AddText(lane, part.actor, Label(finding_, part), part.role == Part::Role::kEvent);
  }

  void AddText(int64_t lane, uint64_t actor, std::string text, bool last = false) {
    dots_.push_back(Object{{"x", X(lane)},
                           {"y", y_},
                           {"tx", X(lane) + 12},
                           {"ty", y_ + 5},
                           {"text", std::move(text)},
                           {"last", last},
                           {"colour", colours_->Of(actor)}});
    y_ += kRow;
  }

  Array Lanes() {
    Array lanes;
    for (size_t i = 0; i < lanes_.size(); i++) {
      lanes.push_back(Object{{"x", X(static_cast<int64_t>(i))},
                             {"end", y_ - kRow / 2},
                             {"name", Cut(Visible(ActorName(finding_, lanes_[i])), 26)},
                             {"colour", colours_->Of(lanes_[i])}});
    }
    return lanes;
  }

  const Finding& finding_;
  Colours* colours_;
  std::vector<uint64_t> lanes_;
  Array spawns_;
  Array dots_;
  int64_t y_ = kTop;
};

class Graph {
 public:
  Graph(const Finding& finding, Colours* colours) : finding_(finding), colours_(colours) {}

  std::optional<Value> Draw() {
    for (const common::Step& step : finding_.steps) AddStep(step);
    if (edges_.empty()) return std::nullopt;
    const double radius = 70.0 + 26.0 * static_cast<double>(nodes_.size());
    // Two lie beside each other, with room for what stands between them.
    const bool two = nodes_.size() == 2;
    const double reach =
        two ? static_cast<double>(Width(nodes_[0]) + Width(nodes_[1])) / 4 + 140 : radius * 1.25;
    const double mid_x = reach + 130;
    const double mid_y = two ? 44 : radius * 0.8 + 34;
    for (size_t i = 0; i < nodes_.size(); i++) {
      const double turn =
          2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(nodes_.size());
      nodes_[i].x = mid_x - reach * std::cos(turn);
      nodes_[i].y = mid_y - radius * 0.8 * std::sin(turn);
    }
    Array nodes;
    for (const Node& node : nodes_) nodes.push_back(NodeValue(node));
    Array edges;
    for (const Edge& edge : edges_) edges.push_back(EdgeValue(edge, mid_x, mid_y));
    const bool order = StringRef(finding_.kind).contains("inversion");
    return Object{{"caption", order ? "Who took which lock while holding which"
                                    : "Who waits for what, and who has it"},
                  {"width", std::llround(mid_x * 2)},
                  {"height", std::llround(mid_y * 2)},
                  {"nodes", std::move(nodes)},
                  {"edges", std::move(edges)}};
  }

 private:
  struct Node {
    bool is_actor;
    uint64_t id;
    std::string name;
    double x = 0, y = 0;
  };
  struct Edge {
    size_t from, to;
    std::string label;
    bool waits;
  };

  size_t NodeOf(bool is_actor, uint64_t id, const std::string& name) {
    for (size_t i = 0; i < nodes_.size(); i++) {
      if (nodes_[i].is_actor == is_actor && nodes_[i].id == id) return i;
    }
    nodes_.push_back({is_actor, id, Cut(name, 24)});
    return nodes_.size() - 1;
  }

  static bool Has(StringRef what) {
    return what.starts_with("hold") || what.starts_with("took") || what.starts_with("takes") ||
           what.starts_with("locked") || what.starts_with("owns");
  }

  void AddStep(const common::Step& step) {
    constexpr size_t kNodesMax = 24;
    if (step.object == 0 || nodes_.size() >= kNodesMax) return;
    const size_t actor = NodeOf(true, step.actor, Visible(ActorName(finding_, step.actor)));
    const size_t object =
        NodeOf(false, step.object,
               step.name.empty() ? "0x" + llvm::utohexstr(step.object, /*LowerCase=*/true)
                                 : Visible(step.name));
    // "and 3 more like it: blocked in a receive from the channel": how many is said elsewhere.
    StringRef what = step.what;
    if (what.starts_with("and ") && what.contains(": ")) what = what.split(": ").second;
    const std::string label = Cut(Visible(what), 30);
    if (Has(what)) {
      edges_.push_back({object, actor, label, false});
    } else {
      edges_.push_back({actor, object, label, true});
    }
  }

  static int64_t Width(const Node& node) { return 30 + 8 * static_cast<int64_t>(node.name.size()); }

  Value NodeValue(const Node& node) {
    const int64_t width = Width(node);
    return Object{{"x", std::llround(node.x) - width / 2},
                  {"y", std::llround(node.y) - 17},
                  {"w", width},
                  {"r", node.is_actor ? 5 : 17},
                  {"cx", std::llround(node.x)},
                  {"cy", std::llround(node.y) + 5},
                  {"name", node.name},
                  {"style", node.is_actor ? "who" : "what"},
                  {"colour", node.is_actor ? colours_->Of(node.id) : 0}};
  }

  // A curve that bends outwards and ends at the border of the node's box.
  Value EdgeValue(const Edge& edge, double mid_x, double mid_y) {
    const Node& from = nodes_[edge.from];
    const Node& to = nodes_[edge.to];
    const double qx = (from.x + to.x) / 2 + ((from.x + to.x) / 2 - mid_x) * 0.35;
    const double qy = (from.y + to.y) / 2 + ((from.y + to.y) / 2 - mid_y) * 0.35;
    const auto border = [&](const Node& node) {
      const double dx = qx - node.x;
      const double dy = qy - node.y;
      const double w = static_cast<double>(Width(node)) / 2 + 3;
      const double h = 20;
      const double scale = std::min(std::abs(dx) < 1e-6 ? 1e9 : w / std::abs(dx),
                                    std::abs(dy) < 1e-6 ? 1e9 : h / std::abs(dy));
      return std::pair(node.x + dx * scale, node.y + dy * scale);
    };
    const auto [x1, y1] = border(from);
    const auto [x2, y2] = border(to);
    return Object{{"x1", std::llround(x1)},
                  {"y1", std::llround(y1)},
                  {"x2", std::llround(x2)},
                  {"y2", std::llround(y2)},
                  {"qx", std::llround(qx)},
                  {"qy", std::llround(qy)},
                  {"tx", std::llround((x1 + 2 * qx + x2) / 4)},
                  {"ty", std::llround((y1 + 2 * qy + y2) / 4) + 4},
                  {"label", edge.label},
                  {"style", edge.waits ? "waits" : "has"}};
  }

  const Finding& finding_;
  Colours* colours_;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
};

}  // namespace

uint64_t Colours::Of(uint64_t actor) {
  return colours_.try_emplace(actor, colours_.size() % 6).first->second;
}

Value TimelineOf(const Finding& finding, const Story& story, Colours* colours) {
  return Timeline(finding, colours).Draw(story);
}

std::optional<Value> GraphOf(const Finding& finding, Colours* colours) {
  return Graph(finding, colours).Draw();
}

}  // namespace csan::report
