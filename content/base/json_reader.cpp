#include "content/base/json_reader.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

namespace riverlight::json_detail {
namespace {

/// Code-unit order of two keys whose `"` and `\` are escaped.
int compare_escaped(std::string_view a, std::string_view b) {
    if (a.find('\\') == a.npos && b.find('\\') == b.npos) return a.compare(b);  // the common case
    std::size_t i = 0, j = 0;
    for (; i < a.size() && j < b.size(); ++i, ++j) {
        if (a[i] == '\\') ++i;
        if (b[j] == '\\') ++j;
        const auto x = static_cast<unsigned char>(a[i]), y = static_cast<unsigned char>(b[j]);
        if (x != y) return x < y ? -1 : 1;
    }
    return i < a.size() ? 1 : j < b.size() ? -1 : 0;
}

}  // namespace

JsonReader::JsonReader(std::size_t values, std::string_view part, const JsonMemberStream& stream)
    : values_left_(values), part_(part), stream_(stream) {
    value_.reset();
}

std::string JsonReader::canonical() {
    if (float_in_part_) throw Error("canonical JSON holds integers only, not a floating-point number");
    text_.resize(part_end_);
    text_.erase(0, part_begin_);
    return std::move(text_);
}

bool JsonReader::refuse(Fault why, json::error_code& ec) {
    fault = std::move(why);
    ec = json::error::extra_data;
    return false;
}

bool JsonReader::count(json::error_code& ec) {
    if (values_left_ == 0) return refuse({ReadFault::too_large, "too many values", {}}, ec);
    --values_left_;
    return true;
}

void JsonReader::write(std::string_view canonical) {
    if (in_part_) text_ += canonical;
}

void JsonReader::write_escaped(std::string_view text) {
    if (text.find('"') == text.npos && text.find('\\') == text.npos) {
        text_ += text;
        return;
    }
    for (const char c : text) {
        if (c == '"' || c == '\\') text_ += '\\';
        text_ += c;
    }
}

void JsonReader::before_value() {
    if (frames_.empty() || frames_.back().object) return;
    if (std::exchange(frames_.back().any, true)) write(",");
}

bool JsonReader::value_done(json::error_code& ec) {
    if (frames_.empty()) return true;
    if (frames_.back().streamed) return hand_over_member(ec);
    if (frames_.size() == 1 && in_part_) {
        in_part_ = false;
        part_end_ = text_.size();
    }
    return true;
}

bool JsonReader::scalar_done(std::string_view canonical, json::error_code& ec) {
    before_value();
    write(canonical);
    return count(ec) && value_done(ec);
}

bool JsonReader::begin(bool object, json::error_code& ec) {
    before_value();
    Frame frame{object, false, false, text_.size(), members_.size()};
    frame.streamed = object && stream_.handle && frames_.size() == 2 && frames_[0].object &&
                     frames_[1].object && path_[0] == stream_.first && path_[1] == stream_.second;
    frames_.push_back(frame);
    write(object ? "{" : "[");
    return count(ec);
}

bool JsonReader::on_object_begin(json::error_code& ec) {
    return begin(true, ec);
}

bool JsonReader::on_array_begin(json::error_code& ec) {
    return begin(false, ec);
}

bool JsonReader::on_object_end(std::size_t members, json::error_code& ec) {
    assert(!frames_.empty() && frames_.back().object);
    const auto frame = frames_.back();
    if (!close_members(frame, ec)) return false;
    write("}");
    frames_.pop_back();
    if (!in_part_ && !frames_.empty()) text_.resize(frame.text);  // its keys are no longer needed
    stack().push_object(frame.streamed ? 0 : members);
    return value_done(ec);
}

bool JsonReader::on_array_end(std::size_t items, json::error_code& ec) {
    assert(!frames_.empty() && !frames_.back().object);
    write("]");
    frames_.pop_back();
    stack().push_array(items);
    return value_done(ec);
}

bool JsonReader::on_key_part(json::string_view part, std::size_t, json::error_code&) {
    key_.append(part.data(), part.size());
    return true;
}

bool JsonReader::on_key(json::string_view part, std::size_t, json::error_code& ec) {
    key_.append(part.data(), part.size());
    begin_member(key_);
    if (frames_.back().streamed) {
        member_key_ = key_;
        member_.reset(&member_memory_);
        in_member_ = true;
    } else {
        stack().push_key(key_);
    }
    key_.clear();
    return count(ec);
}

void JsonReader::begin_member(const std::string& key) {
    assert(!frames_.empty() && frames_.back().object);
    if (frames_.size() <= 2) path_[frames_.size() - 1] = key;
    if (members_.size() > frames_.back().members) write(",");
    Member member{text_.size(), 0};
    text_ += '"';
    write_escaped(key);
    text_ += '"';
    member.key_end = text_.size();
    members_.push_back(member);
    write(":");
    if (frames_.size() > 1 || part_.empty() || key != part_) return;
    in_part_ = true;
    part_begin_ = text_.size();
}

std::string_view JsonReader::key_of(const Member& member) const {
    return std::string_view(text_).substr(member.begin + 1, member.key_end - member.begin - 2);
}

bool JsonReader::before(const Member& a, const Member& b) const {
    return compare_escaped(key_of(a), key_of(b)) < 0;
}

/// Refuses duplicate keys, and sorts the members of an object within the part by their keys.
bool JsonReader::close_members(const Frame& frame, json::error_code& ec) {
    const auto first = members_.begin() + static_cast<std::ptrdiff_t>(frame.members);
    const auto ascends = [&](const Member& a, const Member& b) { return before(a, b); };
    // Most writers sort their keys; then there is no duplicate and nothing to move.
    if (std::adjacent_find(first, members_.end(), [&](const Member& a, const Member& b) {
            return !before(a, b);
        }) != members_.end()) {
        std::vector<std::size_t> order(static_cast<std::size_t>(members_.end() - first));
        std::iota(order.begin(), order.end(), frame.members);
        std::sort(order.begin(), order.end(),
                  [&](std::size_t a, std::size_t b) { return ascends(members_[a], members_[b]); });
        const auto twice = std::adjacent_find(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return !ascends(members_[a], members_[b]);
        });
        if (twice != order.end()) {
            const std::string key(key_of(members_[*twice]));
            return refuse({ReadFault::duplicate, "duplicate key '" + key + "' in one object", key}, ec);
        }
        if (in_part_) rearrange(frame, order);
    }
    members_.resize(frame.members);
    return true;
}

void JsonReader::rearrange(const Frame& frame, const std::vector<std::size_t>& order) {
    const auto body = frame.text + 1;
    const auto former = text_.substr(body);
    text_.resize(body);
    for (const auto n : order) {
        if (text_.size() > body) text_ += ',';
        const auto begin = members_[n].begin - body;
        const auto end = n + 1 < members_.size() ? members_[n + 1].begin - body - 1 : former.size();
        text_.append(former, begin, end - begin);
    }
}

bool JsonReader::hand_over_member(json::error_code& ec) {
    assert(in_member_);
    in_member_ = false;
    try {
        const auto value = member_.release();
        stream_.handle(member_key_, value);
    } catch (const Error&) {
        thrown = std::current_exception();
        return refuse({ReadFault::syntax, "a member is not acceptable", {}}, ec);
    }
    member_memory_.release();
    return true;
}

bool JsonReader::on_string_part(json::string_view part, std::size_t, json::error_code&) {
    if (!std::exchange(in_string_, true)) {
        before_value();
        write("\"");
    }
    if (in_part_) write_escaped(part);
    stack().push_chars(part);
    return true;
}

bool JsonReader::on_string(json::string_view part, std::size_t, json::error_code& ec) {
    if (!std::exchange(in_string_, false)) {
        before_value();
        write("\"");
    }
    if (in_part_) write_escaped(part);
    write("\"");
    stack().push_string(part);
    return count(ec) && value_done(ec);
}

bool JsonReader::on_number_part(json::string_view part, json::error_code&) {
    digits_.append(part.data(), part.size());
    return true;
}

bool JsonReader::on_int64(std::int64_t number, json::string_view, json::error_code& ec) {
    digits_.clear();
    stack().push_int64(number);
    return scalar_done(std::to_string(number), ec);
}

bool JsonReader::on_uint64(std::uint64_t number, json::string_view, json::error_code& ec) {
    digits_.clear();
    stack().push_uint64(number);
    return scalar_done(std::to_string(number), ec);
}

bool JsonReader::on_double(double number, json::string_view part, json::error_code& ec) {
    digits_.append(part.data(), part.size());
    if (digits_.find_first_of(".eE") == std::string::npos)
        return refuse({ReadFault::out_of_range, "integer too large: " + digits_.substr(0, 40), {}}, ec);
    digits_.clear();
    stack().push_double(number);
    float_in_part_ = float_in_part_ || in_part_;
    return scalar_done("0", ec);
}

bool JsonReader::on_bool(bool value, json::error_code& ec) {
    stack().push_bool(value);
    return scalar_done(value ? "true" : "false", ec);
}

bool JsonReader::on_null(json::error_code& ec) {
    stack().push_null();
    return scalar_done("null", ec);
}

}  // namespace riverlight::json_detail
