#pragma once
#include <gmock/gmock.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "content/base/error.hpp"

/// What an action is refused with, as values.
namespace riverlight {

template <class Kind>
void PrintTo(const Refused<Kind>& error, std::ostream* out) {  // NOLINT: GoogleTest finds it by this name
    *out << "refusal " << static_cast<int>(error.kind) << " of '" << error.where.key << "': " << error.what();
}

namespace test {

/// The refusal that `action` throws; none if it throws nothing. Other errors are not caught.
template <class Kind, class Action>
[[nodiscard]] std::optional<Refused<Kind>> refused(const Action& action) {
    try {
        action();
    } catch (const Refused<Kind>& error) {
        return error;
    }
    return {};
}
template <class Action>
[[nodiscard]] std::optional<ReadError> unread(const Action& action) {
    return refused<ReadFault>(action);
}

/// What the error that `action` throws says; empty if it throws none.
template <class Action>
[[nodiscard]] std::string error_of(const Action& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

/// A refusal of this kind, at this key.
MATCHER_P2(Refuses, kind, key, "") {
    return arg && arg->kind == kind && arg->where.key == key;
}
/// … at this line.
MATCHER_P(AtLine, line, "") {
    return arg && arg->where.line == line;
}
/// … of this file, URL or other thing.
MATCHER_P(Of, file, "") {
    return arg && arg->where.file == file;
}
/// … that proposes this name.
MATCHER_P(Means, name, "") {
    return arg && arg->meant == name;
}
/// The secret is not in the words that people read.
MATCHER_P(Hides, secret, "") {
    return arg && std::string_view(arg->what()).find(secret) == std::string_view::npos;
}

}  // namespace test
}  // namespace riverlight
