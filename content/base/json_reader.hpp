#pragma once
#include <array>
#include <boost/json/basic_parser.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value_stack.hpp>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/json.hpp"

/// The JSON reader behind parse_json(). Private to content/base.
namespace riverlight::json_detail {

namespace json = boost::json;

/// Handler for boost::json::basic_parser: builds the value and, on request, the canonical form of one member,
/// in one pass. Refuses what Boost.JSON's own parser accepts: duplicate keys, too many values, integers
/// beyond 64 bits. Besides the value it stores the canonical form of the requested member, and elsewhere only
/// the keys of open objects.
class JsonReader {
  public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = 4096;
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    /// `part`: the top-level member whose canonical form is requested; empty: none. `stream` must outlive the
    /// reader.
    JsonReader(std::size_t values, std::string_view part, const JsonMemberStream& stream);

    /// Why the reader refused the text; none if it did not.
    struct Fault {
        ReadFault kind = ReadFault::syntax;
        std::string why, key;
    };
    std::optional<Fault> fault;
    std::exception_ptr thrown;  ///< by the stream's handler
    [[nodiscard]] json::value release() { return value_.release(); }
    /// The canonical form of the part; empty if there was none. Throws Error if it holds a floating-point
    /// number.
    [[nodiscard]] std::string canonical();
    /// Reserves memory for a canonical form of at most `bytes`, the length of the text.
    void reserve(std::size_t bytes) { text_.reserve(bytes); }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code& ec);
    bool on_object_end(std::size_t count, json::error_code& ec);
    bool on_array_begin(json::error_code& ec);
    bool on_array_end(std::size_t count, json::error_code& ec);
    bool on_key_part(json::string_view part, std::size_t, json::error_code&);
    bool on_key(json::string_view part, std::size_t, json::error_code& ec);
    bool on_string_part(json::string_view part, std::size_t, json::error_code&);
    bool on_string(json::string_view part, std::size_t, json::error_code& ec);
    bool on_number_part(json::string_view part, json::error_code&);
    bool on_int64(std::int64_t number, json::string_view, json::error_code& ec);
    bool on_uint64(std::uint64_t number, json::string_view, json::error_code& ec);
    bool on_double(double number, json::string_view part, json::error_code& ec);
    bool on_bool(bool value, json::error_code& ec);
    bool on_null(json::error_code& ec);
    static bool on_comment_part(json::string_view, json::error_code&) { return true; }
    static bool on_comment(json::string_view, json::error_code&) { return true; }

  private:
    // More than 12 members: they are the state of one pass over a text, shared by the parser's events.

    /// An open object or array.
    struct Frame {
        bool object = false;
        bool streamed = false;    ///< its members go to the stream's handler
        bool any = false;         ///< arrays: true after the first item
        std::size_t text = 0;     ///< where it begins in text_
        std::size_t members = 0;  ///< how many of members_ belong to the objects around it
    };
    /// A member of an open object, as offsets into text_.
    struct Member {
        std::size_t begin, key_end;
    };

    bool refuse(Fault why, json::error_code& ec);
    bool count(json::error_code& ec);
    json::value_stack& stack() { return in_member_ ? member_ : value_; }
    void write(std::string_view canonical);
    void write_escaped(std::string_view text);
    void before_value();
    bool value_done(json::error_code& ec);
    bool scalar_done(std::string_view canonical, json::error_code& ec);
    bool begin(bool object, json::error_code& ec);
    void begin_member(const std::string& key);
    bool close_members(const Frame& frame, json::error_code& ec);
    void rearrange(const Frame& frame, const std::vector<std::size_t>& order);
    bool hand_over_member(json::error_code& ec);
    [[nodiscard]] std::string_view key_of(const Member& member) const;
    [[nodiscard]] bool before(const Member& a, const Member& b) const;

    std::size_t values_left_;
    std::string_view part_;
    const JsonMemberStream& stream_;
    std::array<unsigned char, 4096> member_buffer_{};
    json::monotonic_resource member_memory_{member_buffer_.data(), member_buffer_.size()};
    json::value_stack value_, member_;
    bool in_member_ = false, in_string_ = false, in_part_ = false, float_in_part_ = false;
    std::string member_key_, key_, digits_;
    std::array<std::string, 2> path_;  ///< the keys that lead to the second level and to the third
    std::vector<Frame> frames_;
    std::vector<Member> members_;  ///< of all open objects, the innermost last
    std::string text_;             ///< canonical within the part; elsewhere only the keys of open objects
    std::size_t part_begin_ = 0, part_end_ = 0;
};

}  // namespace riverlight::json_detail
