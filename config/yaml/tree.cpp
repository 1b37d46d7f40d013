#include "config/yaml/tree.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <stdexcept>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "config/yaml/printable.hpp"
#include "config/yaml/syntax_advice.hpp"

namespace fieldlink {
namespace {

/// Far more than a gateway with a thousand sensors needs, and far less than what a chain of aliases can unfold to.
constexpr std::size_t kMostValues = 250'000;
constexpr std::size_t kMostBytes = 32 * 1024 * 1024;

class Refused : public std::runtime_error {
public:
    Refused(const YAML::Mark& at, const char* text) : std::runtime_error(text), mark(at) {}
    YAML::Mark mark;
};

struct Size {
    std::size_t values = 0, bytes = 0;
};

Size size_of(const YamlNode& node) {
    Size size{1, node.text.size()};
    const auto add = [&size](const YamlNode& part) {
        const Size more = size_of(part);
        size.values += more.values;
        size.bytes += more.bytes;
    };
    for (const YamlNode& item : node.items)
        add(item);
    for (const YamlEntry& entry : node.entries)
        add(entry.value);
    return size;
}

/// Builds the tree from the parser's events: unlike YAML::Node it keeps both of two equal keys, knows where each key
/// is, and can bound what aliases unfold to.
class TreeBuilder : public YAML::EventHandler {
public:
    TreeBuilder(const std::string& text, const std::string& file) : text_(text), file_(file) {}

    std::optional<YamlNode> take_root() { return std::move(root_); }

    /// Where the innermost { or [ that is still open began.
    const YAML::Mark* open_flow() const {
        return !open_.empty() && open_.back().is_flow ? &open_.back().mark : nullptr;
    }

    Mark mark_of(const YAML::Mark& mark) {
        const auto offset = static_cast<std::size_t>(mark.pos);
        const auto column = static_cast<std::size_t>(mark.column);
        if (offset > text_.size() || column > offset) return {file_, mark.line + 1, mark.column + 1};
        const bool goes_on = mark.line == counted_.line && offset >= counted_.offset;
        if (!goes_on) counted_ = {mark.line, offset - column, 0};
        const std::string_view more = std::string_view(text_).substr(counted_.offset, offset - counted_.offset);
        counted_ = {mark.line, offset, counted_.characters + count_characters(more)};
        return {file_, mark.line + 1, counted_.characters + 1};
    }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add(make(YamlNode::Kind::null, mark), anchor, mark);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        constexpr const char* kQuoted = "!";
        if (tag == kQuoted) require_closed_quote(mark);
        YamlNode node = make(YamlNode::Kind::scalar, mark);
        node.text = value;
        add(std::move(node), anchor, mark);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto target = anchors_.find(anchor);
        if (target == anchors_.end()) throw Refused(mark, "an alias inside of what it stands for; write it out");
        add(copy(target->second, mark), 0, mark);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override {
        open(YamlNode::Kind::list, mark, anchor, style);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override {
        open(YamlNode::Kind::map, mark, anchor, style);
    }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        YamlNode node;
        YAML::anchor_t anchor;
        YAML::Mark mark;
        bool is_flow;
        std::optional<YamlEntry> entry;  ///< whose value comes next
    };

    /// How far the characters of a line are counted: from the beginning each time would be slow on a long line.
    struct Counted {
        int line = -1;
        std::size_t offset = 0;
        int characters = 0;
    };

    YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark) {
        YamlNode node;
        node.kind = kind;
        node.mark = mark_of(mark);
        return node;
    }

    void open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
        const bool is_key = !open_.empty() && open_.back().node.kind == YamlNode::Kind::map && !open_.back().entry;
        if (is_key) throw Refused(mark, "a key must be a plain word; put a text that begins with { or [ in quotes");
        open_.push_back({make(kind, mark), anchor, mark, style == YAML::EmitterStyle::Flow, std::nullopt});
    }

    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        add(std::move(done.node), done.anchor, done.mark);
    }

    void add(YamlNode node, YAML::anchor_t anchor, const YAML::Mark& mark) {
        count({1, node.text.size()}, mark);
        if (anchor != 0) anchors_[anchor] = copy(node, mark);
        if (open_.empty()) {
            root_ = std::move(node);
        } else if (open_.back().node.kind == YamlNode::Kind::list) {
            open_.back().node.items.push_back(std::move(node));
        } else {
            add_to_map(open_.back(), std::move(node), mark);
        }
    }

    void add_to_map(Open& map, YamlNode node, const YAML::Mark& mark) {
        if (map.entry) {
            map.entry->value = std::move(node);
            map.node.entries.push_back(*std::exchange(map.entry, std::nullopt));
            return;
        }
        if (node.kind != YamlNode::Kind::scalar) throw Refused(mark, "a key is missing before the colon");
        map.entry = YamlEntry{std::move(node.text), std::move(node.mark), {}};
    }

    YamlNode copy(const YamlNode& node, const YAML::Mark& mark) {
        count(size_of(node), mark);
        return node;
    }

    void count(Size size, const YAML::Mark& mark) {
        total_.values += size.values;
        total_.bytes += size.bytes;
        if (total_.values > kMostValues || total_.bytes > kMostBytes) {
            throw Refused(mark,
                          "too much for a configuration, where an alias counts as often as it is used; write less");
        }
    }

    void require_closed_quote(const YAML::Mark& mark) const {
        const auto offset = static_cast<std::size_t>(mark.pos);
        const bool is_quote = offset < text_.size() && (text_[offset] == '"' || text_[offset] == '\'');
        if (is_quote && !quote_is_closed(text_, offset)) throw Refused(mark, "a quote that is never closed");
    }

    const std::string& text_;
    const std::string& file_;
    std::optional<YamlNode> root_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, YamlNode> anchors_;
    Size total_;
    Counted counted_;
};

YamlFault syntax_fault(const YAML::ParserException& error, TreeBuilder& builder, const std::string& text,
                       const std::string& file) {
    const auto offset = static_cast<std::size_t>(std::max(0, error.mark.pos));
    const std::size_t tab = tab_in_indentation(text, offset);
    if (tab != std::string::npos) {
        return {mark_at(text, tab, file), syntax_advice(YAML::ErrorMsg::TAB_IN_INDENTATION)};
    }
    const bool in_escape = error.msg.rfind(YAML::ErrorMsg::INVALID_ESCAPE, 0) == 0;
    const std::size_t escape = in_escape ? refused_escape(text, offset) : std::string::npos;
    if (escape != std::string::npos) return {mark_at(text, escape, file), syntax_advice(error.msg)};
    const bool unclosed = error.msg == YAML::ErrorMsg::END_OF_MAP_FLOW || error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW;
    const YAML::Mark* const flow = unclosed ? builder.open_flow() : nullptr;
    return {builder.mark_of(flow ? *flow : error.mark), syntax_advice(error.msg)};
}

}  // namespace

std::optional<YamlNode> parse_yaml(const std::string& text, const std::string& file, YamlFault& fault) {
    TreeBuilder builder(text, file);
    try {
        std::istringstream stream(text);
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder)) return YamlNode{YamlNode::Kind::null, {file, 1, 1}, {}, {}, {}};
        std::optional<YamlNode> root = builder.take_root();
        TreeBuilder rest(text, file);
        if (parser.HandleNextDocument(rest)) {
            fault = {rest.take_root()->mark, "a second document after ---; a file holds one, so remove the ---"};
            return std::nullopt;
        }
        return root;
    } catch (const Refused& refused) {
        fault = {builder.mark_of(refused.mark), refused.what()};
    } catch (const YAML::ParserException& error) {
        fault = syntax_fault(error, builder, text, file);
    }
    return std::nullopt;
}

Mark mark_at(const std::string& text, std::size_t offset, const std::string& file) {
    const std::string_view before = std::string_view(text).substr(0, offset);
    const std::size_t line_end = before.rfind('\n');
    const std::size_t line_begin = line_end == std::string_view::npos ? 0 : line_end + 1;
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    return {file, static_cast<int>(line), count_characters(before.substr(line_begin)) + 1};
}

}  // namespace fieldlink
