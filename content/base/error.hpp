#pragma once
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace riverlight {

/// Thrown by an operation that cannot continue. The message says what failed, on which thing, why, and what
/// to do about it. It is shown to people unchanged, so it must not contain a secret.
class Error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Where something stands that is refused: the file or thing, the line, the key. What is not known is empty.
class Where {
  public:
    Where() = default;
    Where(std::string name) : file(name), text_(std::move(name)) {}  // implicit: most things have just a name
    Where(const char* name) : Where(std::string(name)) {}
    /// A thing that people read as `shown`: `cannot read /etc/x`.
    Where(std::string name, std::string shown) : file(std::move(name)), text_(std::move(shown)) {}

    /// The same at a line and a column, from 1; column 0: none. Requires that no key has been named yet.
    [[nodiscard]] Where at(int number, int column = 0) const;
    /// `inner`, a key or an element, below this. People read `shown` of it; empty: nothing.
    [[nodiscard]] Where in(std::string_view inner, std::string_view shown) const;
    [[nodiscard]] Where in(std::string_view inner) const { return in(inner, inner); }
    /// What people read: `riverlightd.toml:35: [sync] window`.
    [[nodiscard]] const std::string& text() const { return text_; }

    std::string file{};         ///< also a URL, or the name of another thing, as the caller named it
    std::optional<int> line{};  ///< from 1
    /// The keys that lead to it, `outlet.2.spec`: an element stands by its own name, or its number from 1.
    std::string key{};

  private:
    std::string text_{};
};

/// An Error that says by values what is refused, where and what was probably meant, so that callers and tests
/// need not read its words. `Kind` is an enum of the room that throws it; ReadFault is every reader's. The
/// message is made here and nowhere else: `where: why (did you mean 'meant'?)`.
template <class Kind>
class Refused : public Error {
  public:
    /// `why` begins with a verb, or with the name of what is wrong.
    Refused(Kind of, Where at, const std::string& why, std::string near = {})
        : Error((at.text().empty() ? "" : at.text() + ": ") + why +
                (near.empty() ? "" : " (did you mean '" + near + "'?)")),
          kind(of),
          where(std::move(at)),
          meant(std::move(near)),
          why_(why) {}

    /// The same, when what was read is a part of something larger.
    [[nodiscard]] Refused within(const Where& outer) const {
        return Refused(kind, outer.in(where.key, where.text()), why_, meant);
    }

    Kind kind;
    Where where;
    std::string meant;  ///< the known name nearest to an unknown one; empty: none is near

  private:
    std::string why_;
};

/// Why a text that people or programs wrote is refused: JSON, TOML, a table, a setting.
enum class ReadFault : std::uint8_t {
    syntax,        ///< it does not follow the grammar of its language
    too_large,     ///< more bytes, values, entries or levels than allowed
    duplicate,     ///< stands twice, but may stand once
    missing,       ///< has to be there
    unknown,       ///< a key or a name that does not exist
    wrong_type,    ///< a text in place of a number, a list in place of a table
    out_of_range,  ///< a number that is too small or too large
    malformed,     ///< a text that has not the form of an id, a date, an address
    unsupported,   ///< a format, a version or a kind that this program does not read
    unresolved,    ///< names something that is not there
    misplaced,     ///< may not stand beside what else is there
};
using ReadError = Refused<ReadFault>;

}  // namespace riverlight
