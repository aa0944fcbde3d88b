#include "tools/traffic/xml.hpp"

#include <expat.h>

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <exception>
#include <memory>

#include "content/base/error.hpp"

namespace riverlight::traffic {
namespace {

constexpr std::size_t deepest = 40, most_parts = 2'000, longest_text = 64U << 10;
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

/// True if the text begins with U+FFFE or U+FFFF, which XML 1.0 excludes.
bool begins_with_noncharacter(std::string_view text) {
    return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
}

std::string escape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '"') {
            out += "&quot;";
        } else if (c == '\n' || c == '\r' || c == '\t') {
            out += "&#" + std::to_string(byte) + ';';
        } else if (byte < 0x20) {
            out += replacement;
        } else if (begins_with_noncharacter(text.substr(i, 3))) {
            out += replacement;
            i += 2;
        } else {
            out += c;
        }
    }
    return out;
}

std::pair<std::string, std::string> split_name(const char* name) {
    const std::string_view whole(name);
    const auto mark = whole.find('\n');
    if (mark == std::string_view::npos) return {"", std::string(whole)};
    return {std::string(whole.substr(0, mark)), std::string(whole.substr(mark + 1))};
}

struct FreeParser {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

/// Handles expat's callbacks. They must not throw through C: they keep the fault and stop the parser, and
/// run() throws it.
class XmlReader {
  public:
    XmlReader(const std::string& file, std::string_view root, std::string_view wanted,
              const std::function<void(const XmlElement&)>& handle)
        : file_(file),
          root_(root),
          wanted_(wanted),
          handle_(handle),
          parser_(XML_ParserCreateNS("UTF-8", '\n')) {
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(
            parser_.get(),
            [](void* self, const char* name, const char** attributes) {
                static_cast<XmlReader*>(self)->start_element(name, attributes);
            },
            [](void* self, const char*) { static_cast<XmlReader*>(self)->end_element(); });
        XML_SetCharacterDataHandler(parser_.get(), [](void* self, const char* text, int size) {
            static_cast<XmlReader*>(self)->add_text({text, static_cast<std::size_t>(size)});
        });
        XML_SetStartDoctypeDeclHandler(
            parser_.get(), [](void* self, const char*, const char*, const char*, int) {
                static_cast<XmlReader*>(self)->stop(
                    ReadFault::unsupported, "has a DOCTYPE, which an as-run list must not have; remove it");
            });
    }

    void run(std::string_view text) {
        constexpr std::size_t piece = 1U << 20;
        auto result = XML_STATUS_OK;
        do {
            const auto part = text.substr(0, piece);
            text.remove_prefix(part.size());
            result = XML_Parse(parser_.get(), part.data(), static_cast<int>(part.size()), text.empty());
        } while (result == XML_STATUS_OK && !text.empty());
        if (thrown_) std::rethrow_exception(thrown_);
        if (fault_) throw ReadError(*fault_);
        if (result != XML_STATUS_OK)
            throw ReadError(ReadFault::syntax, where(),
                            std::string("is not well-formed XML: ") +
                                XML_ErrorString(XML_GetErrorCode(parser_.get())) + "; export the file again");
    }

  private:
    [[nodiscard]] int line() const { return static_cast<int>(XML_GetCurrentLineNumber(parser_.get())); }
    [[nodiscard]] Where where() const { return Where(file_).at(line()); }

    void stop(ReadFault kind, const std::string& why) {
        if (!fault_) fault_.emplace(kind, where(), why);
        XML_StopParser(parser_.get(), XML_FALSE);
    }

    void start_element(const char* name, const char** attributes) {
        auto [space, local] = split_name(name);
        if (++depth_ > deepest)
            return stop(ReadFault::too_large, "is nested deeper than 40 elements; it is not an as-run list");
        if (depth_ == 1 && local != root_)
            return stop(ReadFault::unsupported, "is a '" + local.substr(0, 80) + "', not a '" +
                                                    std::string(root_) + "'; give a BXF as-run file");
        if (building_.empty() && local != wanted_) return;
        XmlElement element;
        element.space = std::move(space);
        element.name = std::move(local);
        element.line = line();
        for (; *attributes; attributes += 2) {
            if (element.attributes.size() >= most_parts)
                return stop(ReadFault::too_large,
                            "has an element of more than 2,000 attributes; it is not an as-run list");
            element.attributes.emplace_back(split_name(attributes[0]).second, attributes[1]);
        }
        building_.push_back(std::move(element));
    }

    void add_text(std::string_view text) {
        if (building_.empty()) return;
        if (building_.back().text.size() + text.size() > longest_text)
            return stop(ReadFault::too_large,
                        "has more than 64 KiB of text in an element; it is not an as-run list");
        building_.back().text += text;
    }

    void end_element() {
        assert(depth_ > 0);
        --depth_;
        if (building_.empty()) return;
        auto done = std::move(building_.back());
        building_.pop_back();
        if (!building_.empty()) {
            auto& children = building_.back().children;
            if (children.size() >= most_parts)
                return stop(ReadFault::too_large,
                            "has an element of more than 2,000 children; it is not an as-run list");
            children.push_back(std::move(done));
            return;
        }
        try {
            handle_(done);
        } catch (...) {
            thrown_ = std::current_exception();
            XML_StopParser(parser_.get(), XML_FALSE);
        }
    }

    const std::string& file_;
    std::string_view root_, wanted_;
    const std::function<void(const XmlElement&)>& handle_;
    std::unique_ptr<XML_ParserStruct, FreeParser> parser_;
    std::vector<XmlElement> building_;
    std::size_t depth_ = 0;
    std::optional<ReadError> fault_;
    std::exception_ptr thrown_;
};

}  // namespace

void XmlWriter::write_start(std::string_view name, const XmlAttributes& attributes) {
    out_ += std::string(2 * open_.size(), ' ') + '<' + std::string(name);
    for (const auto& [key, value] : attributes) out_ += ' ' + key + "=\"" + escape(value) + '"';
}

void XmlWriter::open(std::string_view name, const XmlAttributes& attributes) {
    write_start(name, attributes);
    out_ += ">\n";
    open_.emplace_back(name);
}

void XmlWriter::close() {
    assert(!open_.empty());
    const auto name = std::move(open_.back());
    open_.pop_back();
    out_ += std::string(2 * open_.size(), ' ') + "</" + name + ">\n";
}

void XmlWriter::add_leaf(std::string_view name, std::string_view text, const XmlAttributes& attributes) {
    write_start(name, attributes);
    out_ += text.empty() ? "/>\n" : '>' + escape(text) + "</" + std::string(name) + ">\n";
}

std::string XmlElement::attribute(std::string_view key) const {
    for (const auto& [own_key, value] : attributes) {
        if (own_key == key) return value;
    }
    return {};
}

const XmlElement* XmlElement::find(std::string_view path) const {
    const auto slash = std::min(path.find('/'), path.size());
    for (const auto& child : children) {
        if (child.name != path.substr(0, slash)) continue;
        return slash == path.size() ? &child : child.find(path.substr(slash + 1));
    }
    return nullptr;
}

std::string XmlElement::text_at(std::string_view path) const {
    const auto* found = find(path);
    return found ? found->text : std::string();
}

void read_xml(std::string_view text, const std::string& file, std::string_view root, std::string_view wanted,
              const std::function<void(const XmlElement&)>& handle) {
    XmlReader(file, root, wanted, handle).run(text);
}

}  // namespace riverlight::traffic
