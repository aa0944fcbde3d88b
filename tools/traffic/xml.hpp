#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// XML 1.0 as the trade's files use it. The only part of the project that knows expat.
namespace riverlight::traffic {

using XmlAttributes = std::vector<std::pair<std::string, std::string>>;

/// Writes elements, two spaces deeper for each level. Characters that XML 1.0 (2.2) has no way to hold become
/// U+FFFD; line ends and tabs of values become references, so that what is read is what was written.
class XmlWriter {
  public:
    XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}
    void raw(std::string_view line) { out_ += line; }  ///< a DOCTYPE
    void open(std::string_view name, const XmlAttributes& attributes = {});
    void close();
    /// An element with text alone, or empty where there is none.
    void leaf(std::string_view name, std::string_view text, const XmlAttributes& attributes = {});
    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    void begin(std::string_view name, const XmlAttributes& attributes);
    std::string out_;
    std::vector<std::string> open_;
};

struct XmlElement {
    std::string space, name;  ///< namespace and local name
    XmlAttributes attributes;
    std::string text;  ///< its own, without its children's; surrounding blanks removed where it has children
    std::vector<XmlElement> children;
    int line = 0;

    [[nodiscard]] std::string attribute(std::string_view wanted) const;  ///< empty: none
    /// The first element below at that path of local names, `a/b`; null: none.
    [[nodiscard]] const XmlElement* at(std::string_view path) const;
    [[nodiscard]] std::string text_at(std::string_view path) const;  ///< empty: none
};

/// Calls `take` with each element named `wanted` (in any namespace, at any depth), whole; `root` is what the
/// document element must be called. Nothing else is kept in memory. Throws Error naming `file` and the line:
/// text that is no XML, a DOCTYPE (none is needed, and entities could blow up), more than 40 levels, an
/// element of more than 2,000 children or attributes, or 64 KiB of text.
void read_xml(std::string_view text, const std::string& file, std::string_view root, std::string_view wanted,
              const std::function<void(const XmlElement&)>& take);

}  // namespace riverlight::traffic
