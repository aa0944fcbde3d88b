#include "content/airing/batch_head.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>

#include "content/airing/record_reader.hpp"
#include "content/base/crypto.hpp"
#include "content/base/json.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_head = 4096;  ///< bytes
constexpr std::size_t deepest = 6;
constexpr std::size_t longest_key = 64, longest_text = 128, most_fields = 16;

/// Takes a batch's own texts and numbers as the parser meets them, and keeps nothing of its records.
class HeadReader {
  public:
    static constexpr std::size_t max_object_size = std::size_t(-1), max_array_size = std::size_t(-1),
                                 max_key_size = std::size_t(-1), max_string_size = std::size_t(-1);
    using Failed = boost::system::error_code&;

    [[nodiscard]] const json::object& found() const { return found_; }

    bool on_document_begin(Failed) { return true; }
    bool on_document_end(Failed) { return true; }
    bool on_object_begin(Failed) { return begin(); }
    bool on_object_end(std::size_t, Failed) { return end(); }
    bool on_array_begin(Failed) { return begin(); }
    bool on_array_end(std::size_t, Failed) { return end(); }
    bool on_key_part(std::string_view part, std::size_t, Failed) { return add(key_, part, longest_key); }
    bool on_key(std::string_view part, std::size_t, Failed) { return add(key_, part, longest_key); }
    bool on_string_part(std::string_view part, std::size_t, Failed) { return add(text_, part, longest_text); }
    bool on_string(std::string_view part, std::size_t, Failed) {
        add(text_, part, longest_text);
        return take(json::value(json::string_view(text_)));
    }
    bool on_number_part(std::string_view, Failed) { return true; }
    bool on_int64(std::int64_t value, std::string_view, Failed) { return take(value); }
    bool on_uint64(std::uint64_t value, std::string_view, Failed) { return take(value); }
    bool on_double(double value, std::string_view, Failed) { return take(value); }
    bool on_bool(bool value, Failed) { return take(value); }
    bool on_null(Failed) { return take(nullptr); }
    bool on_comment_part(std::string_view, Failed) { return true; }
    bool on_comment(std::string_view, Failed) { return true; }

  private:
    bool begin() {
        ++depth_;
        if (depth_ > 1) key_.clear();
        return true;
    }
    bool end() {
        --depth_;
        return true;
    }
    /// Of longer texts the rest is left out: no field of a head is so long.
    bool add(std::string& text, std::string_view part, std::size_t longest) const {
        if (depth_ == 1) text.append(part.substr(0, longest + 1 - std::min(longest + 1, text.size())));
        return true;
    }
    bool take(json::value value) {
        if (depth_ == 1 && !key_.empty() && found_.size() < most_fields)
            found_.emplace(key_, std::move(value));
        key_.clear();
        text_.clear();
        return true;
    }

    std::size_t depth_ = 0;
    std::string key_, text_;
    json::object found_;
};

}  // namespace

std::optional<BatchHead> read_canonical_head(std::string_view text) {
    if (text.size() > longest_head) return std::nullopt;
    try {
        const auto value = parse_json('{' + std::string(text), "batch", {longest_head + 1, 2, 100});
        JsonFields f(value, "batch");
        f.format(1);
        BatchHead head;
        read_head_fields(f, head);
        static_cast<void>(f.text("public_key", 64));
        f.closed();
        return head;
    } catch (const Error&) {  // who reads it as any other JSON says what is wrong
        return std::nullopt;
    }
}

BatchHead read_batch_head(std::string_view text) {
    if (text.size() > longest_batch) throw Error("batch: is longer than 8 MiB");
    // No text holds these quotes as they are: they stand behind the records, or in no JSON.
    if (const auto end = text.rfind("],\"board\":"); text.starts_with(records_begin) && end != text.npos)
        if (auto head = read_canonical_head(text.substr(end + records_end.size()))) return *head;
    json::parse_options options;
    options.max_depth = deepest;
    json::basic_parser<HeadReader> parser(options);
    boost::system::error_code ec;
    const auto read = parser.write_some(false, text.data(), text.size(), ec);
    if (ec || read != text.size()) throw Error("batch: is no JSON (" + ec.message() + ")");
    JsonFields f(parser.handler().found(), "batch");
    f.format(1);
    BatchHead head;
    read_head_fields(f, head);
    return head;
}

void read_head_fields(JsonFields& f, BatchHead& head) {
    head.board = f.text("board", 64);
    head.epoch = f.text("epoch", 64);
    head.first = f.integer("first", 1, most);
    head.last = f.integer("last", head.first, most);
    head.head = f.text("head", 64);
    head.signature = f.text("signature", 128);
}

std::string signed_text(const BatchHead& batch) {
    return canonical_json(json::object{{"board", batch.board},
                                       {"epoch", batch.epoch},
                                       {"first", batch.first},
                                       {"format", 1},
                                       {"head", batch.head},
                                       {"last", batch.last}});
}

bool batch_signed_by(const BatchHead& batch, std::string_view public_hex) {
    return verify_signature(public_hex, signed_text(batch), batch.signature);
}

}  // namespace riverlight::content
