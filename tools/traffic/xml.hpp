#pragma once
#include <cassert>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Writes and reads XML 1.0. The only files that use expat.
namespace riverlight::traffic {

using XmlAttributes = std::vector<std::pair<std::string, std::string>>;

/// Writes elements, indented by two spaces per level. Characters that XML 1.0 (clause 2.2) cannot hold become
/// U+FFFD. Line ends and tabs in values become character references, so that a reader gets them unchanged.
class XmlWriter {
  public:
    XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}
    void add_raw(std::string_view line) { out_ += line; }  ///< a DOCTYPE
    void open(std::string_view name, const XmlAttributes& attributes = {});
    void close();  ///< ends the element opened last; there must be one
    /// An element that holds only text; an empty element if there is none.
    void add_leaf(std::string_view name, std::string_view text, const XmlAttributes& attributes = {});
    /// The document. Close every element first; the writer is empty afterwards.
    [[nodiscard]] std::string finish() {
        assert(open_.empty());
        return std::move(out_);
    }

  private:
    void write_start(std::string_view name, const XmlAttributes& attributes);
    std::string out_;
    std::vector<std::string> open_;
};

struct XmlElement {
    std::string space, name;  ///< namespace and local name
    XmlAttributes attributes;
    std::string text;  ///< its own text, without its children's
    std::vector<XmlElement> children;
    int line = 0;

    [[nodiscard]] std::string attribute(std::string_view key) const;  ///< empty: it has none
    /// The first descendant at a path of local names, such as `a/b`; null: none.
    [[nodiscard]] const XmlElement* find(std::string_view path) const;
    [[nodiscard]] std::string text_at(std::string_view path) const;  ///< empty: none
};

/// Calls `handle` with each complete element named `wanted`, in any namespace and at any depth, and keeps no
/// other in memory. The document element must be named `root`. Throws Error naming `file` and the line for
/// text that is not XML, a DOCTYPE (nested entities could exhaust memory), more than 40 levels, or an element
/// of more than 2,000 children or attributes or 64 KiB of text.
void read_xml(std::string_view text, const std::string& file, std::string_view root, std::string_view wanted,
              const std::function<void(const XmlElement&)>& handle);

}  // namespace riverlight::traffic
