#include <fmt/format.h>

#include <ranges>

#include "plugin/ctl/text.h"

namespace referrald::ctl {
namespace {

// What brought them: "HOT  INTRODUCED  r_44 e_45"; for the root, what they brought.
std::string NodeText(const idl::ChainNode& node, const Style& style) {
  std::string text = node.person;
  if (!node.display_name.empty()) text += "  " + style.Bold(Clean(node.display_name));
  text += "  " + TemperatureText(node.temperature, style);
  if (!node.referral.empty()) {
    text += fmt::format("  {}  {}", Clean(node.state),
                        style.Dim(fmt::format("{} {}", node.referral, node.event)));
  }
  if (node.child_count > 0) text += fmt::format("  brought {}", Grouped(node.child_count));
  if (node.reach > node.child_count) text += fmt::format(", {} in all", Grouped(node.reach));
  for (const idl::Money& money : node.won_below) {
    text += "  won below " + MoneyText(money.minor_units, money.currency);
  }
  return text;
}

// True for each node that a sibling follows, so that its line goes on below it.
std::vector<bool> HasNextSibling(const std::vector<idl::ChainNode>& nodes) {
  std::vector<bool> has(nodes.size(), false);
  std::vector<bool> seen;  // By depth, read from the end: a node of this depth came, none above it.
  for (size_t i = nodes.size(); i-- > 0;) {
    const auto depth = static_cast<size_t>(std::max(nodes[i].depth, 0));
    if (seen.size() <= depth) seen.resize(depth + 1, false);
    has[i] = seen[depth];
    seen.resize(depth + 1);
    seen[depth] = true;
  }
  return has;
}

std::string TreeText(const std::vector<idl::ChainNode>& nodes, const Style& style) {
  const std::vector<bool> has_next = HasNextSibling(nodes);
  std::vector<std::string> bars;  // By depth: the bar that goes on below a node of that depth.
  std::string text;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const auto depth = static_cast<size_t>(std::max(nodes[i].depth, 0));
    bars.resize(depth + 1);
    for (size_t level = 1; level < depth; ++level) text += bars[level];
    if (depth > 0) text += has_next[i] ? "├─ " : "└─ ";
    bars[depth] = has_next[i] ? "│  " : "   ";
    text += NodeText(nodes[i], style) + "\n";
  }
  return text;
}

std::string AncestorsText(const idl::Chain& chain, const Style& style) {
  if (chain.ancestors.empty() && chain.uncredited_count > 0) {
    return "The chain begins here: nobody brought them first, or it would close a circle.\n";
  }
  if (chain.ancestors.empty()) return "Nobody brought them: this is where the chain begins.\n";
  std::string text = "Came by\n";
  for (const idl::ChainNode& node : chain.ancestors | std::views::reverse) {
    text += fmt::format("  {}\n", NodeText(node, style));
  }
  return text;
}

std::string DotQuote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : Clean(text)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string DotNode(const idl::ChainNode& node) {
  const std::string label =
      node.display_name.empty() ? node.person : node.person + " " + node.display_name;
  const bool is_hot = node.temperature == idl::Temperature::HOT;
  std::string text = fmt::format("  {} [label={}{}];\n", DotQuote(node.person), DotQuote(label),
                                 is_hot ? ", style=bold" : "");
  if (!node.parent.empty()) {
    text += fmt::format("  {} -> {} [label={}];\n", DotQuote(node.parent), DotQuote(node.person),
                        DotQuote(node.event));
  }
  return text;
}

}  // namespace

std::string ChainText(const idl::Chain& chain, ChainView view, const Style& style) {
  std::string text;
  if (view.up) text += AncestorsText(chain, style);
  if (view.down) text += TreeText(chain.descendants, style);
  if (chain.uncredited_count > 0) {
    text += fmt::format("{} without credit: circles, and people who had been brought before.\n",
                        Count(chain.uncredited_count, "introduction"));
  }
  if (chain.truncated)
    text += "The chain is larger than this: ask from further down, or --depth.\n";
  return text;
}

std::string ChainDot(const idl::Chain& chain, ChainView view) {
  std::string text = "digraph chain {\n  node [shape=box];\n";
  if (view.up) {
    for (const idl::ChainNode& node : chain.ancestors) text += DotNode(node);
  }
  if (view.down) {
    for (const idl::ChainNode& node : chain.descendants) text += DotNode(node);
  }
  return text + "}\n";
}

}  // namespace referrald::ctl
