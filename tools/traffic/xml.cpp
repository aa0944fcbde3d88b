#include "tools/traffic/xml.hpp"

#include <expat.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <memory>

#include "content/base/error.hpp"

namespace riverlight::traffic {
namespace {

constexpr std::size_t deepest = 40, most_parts = 2'000, longest_text = 64U << 10;
constexpr std::string_view unknown = "\xEF\xBF\xBD";  // U+FFFD

/// Whether the three bytes are U+FFFE or U+FFFF, which XML 1.0 leaves out.
bool is_no_character(std::string_view three) {
    return three.starts_with("\xEF\xBF\xBE") || three.starts_with("\xEF\xBF\xBF");
}

std::string escaped(std::string_view text) {
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
            out += unknown;
        } else if (is_no_character(text.substr(i, 3))) {
            out += unknown;
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

struct EndParser {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

/// Expat calls C functions, which must not throw: what goes wrong is kept, and parsing stops.
class Reading {
  public:
    Reading(const std::string& file, std::string_view root, std::string_view wanted,
            const std::function<void(const XmlElement&)>& take)
        : file_(file), root_(root), wanted_(wanted), take_(take), parser_(XML_ParserCreateNS("UTF-8", '\n')) {
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(
            parser_.get(),
            [](void* self, const char* name, const char** attributes) {
                static_cast<Reading*>(self)->start(name, attributes);
            },
            [](void* self, const char*) { static_cast<Reading*>(self)->end(); });
        XML_SetCharacterDataHandler(parser_.get(), [](void* self, const char* text, int size) {
            static_cast<Reading*>(self)->characters({text, static_cast<std::size_t>(size)});
        });
        XML_SetStartDoctypeDeclHandler(
            parser_.get(), [](void* self, const char*, const char*, const char*, int) {
                static_cast<Reading*>(self)->stop("has a DOCTYPE, which no as-run list needs; take it out");
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
        if (!fault_.empty()) throw Error(fault_);
        if (result != XML_STATUS_OK)
            throw Error(where() + "is no well-formed XML: " +
                        XML_ErrorString(XML_GetErrorCode(parser_.get())) + "; export the file again");
    }

  private:
    [[nodiscard]] int line() const { return static_cast<int>(XML_GetCurrentLineNumber(parser_.get())); }
    [[nodiscard]] std::string where() const { return file_ + ':' + std::to_string(line()) + ": "; }

    void stop(const std::string& what) {
        if (fault_.empty()) fault_ = where() + what;
        XML_StopParser(parser_.get(), XML_FALSE);
    }

    void start(const char* name, const char** attributes) {
        auto [space, local] = split_name(name);
        if (++depth_ > deepest) return stop("is nested deeper than 40 elements; it is no as-run list");
        if (depth_ == 1 && local != root_)
            return stop("is a '" + local.substr(0, 80) + "', not a '" + std::string(root_) +
                        "'; give a BXF as-run file");
        if (building_.empty() && local != wanted_) return;
        XmlElement element;
        element.space = std::move(space);
        element.name = std::move(local);
        element.line = line();
        for (; *attributes; attributes += 2) {
            if (element.attributes.size() >= most_parts)
                return stop("has an element of more than 2,000 attributes; it is no as-run list");
            element.attributes.emplace_back(split_name(attributes[0]).second, attributes[1]);
        }
        building_.push_back(std::move(element));
    }

    void characters(std::string_view text) {
        if (building_.empty()) return;
        if (building_.back().text.size() + text.size() > longest_text)
            return stop("has more than 64 KiB of text in an element; it is no as-run list");
        building_.back().text += text;
    }

    void end() {
        --depth_;
        if (building_.empty()) return;
        auto done = std::move(building_.back());
        building_.pop_back();
        if (!building_.empty()) {
            auto& children = building_.back().children;
            if (children.size() >= most_parts)
                return stop("has an element of more than 2,000 children; it is no as-run list");
            children.push_back(std::move(done));
            return;
        }
        try {
            take_(done);
        } catch (...) {
            thrown_ = std::current_exception();
            XML_StopParser(parser_.get(), XML_FALSE);
        }
    }

    const std::string& file_;
    std::string_view root_, wanted_;
    const std::function<void(const XmlElement&)>& take_;
    std::unique_ptr<XML_ParserStruct, EndParser> parser_;
    std::vector<XmlElement> building_;
    std::size_t depth_ = 0;
    std::string fault_;
    std::exception_ptr thrown_;
};

}  // namespace

void XmlWriter::begin(std::string_view name, const XmlAttributes& attributes) {
    out_ += std::string(2 * open_.size(), ' ') + '<' + std::string(name);
    for (const auto& [key, value] : attributes) out_ += ' ' + key + "=\"" + escaped(value) + '"';
}

void XmlWriter::open(std::string_view name, const XmlAttributes& attributes) {
    begin(name, attributes);
    out_ += ">\n";
    open_.emplace_back(name);
}

void XmlWriter::close() {
    const auto name = std::move(open_.back());
    open_.pop_back();
    out_ += std::string(2 * open_.size(), ' ') + "</" + name + ">\n";
}

void XmlWriter::leaf(std::string_view name, std::string_view text, const XmlAttributes& attributes) {
    begin(name, attributes);
    out_ += text.empty() ? "/>\n" : '>' + escaped(text) + "</" + std::string(name) + ">\n";
}

std::string XmlElement::attribute(std::string_view wanted) const {
    for (const auto& [key, value] : attributes) {
        if (key == wanted) return value;
    }
    return {};
}

const XmlElement* XmlElement::at(std::string_view path) const {
    const auto slash = std::min(path.find('/'), path.size());
    for (const auto& child : children) {
        if (child.name != path.substr(0, slash)) continue;
        return slash == path.size() ? &child : child.at(path.substr(slash + 1));
    }
    return nullptr;
}

std::string XmlElement::text_at(std::string_view path) const {
    const auto* found = at(path);
    return found ? found->text : std::string();
}

void read_xml(std::string_view text, const std::string& file, std::string_view root, std::string_view wanted,
              const std::function<void(const XmlElement&)>& take) {
    Reading(file, root, wanted, take).run(text);
}

}  // namespace riverlight::traffic
