#pragma once
#include <string>
#include <string_view>

/// How probable it is that a text is of a language: so that encodings can be told apart. Only player/text
/// includes this.
namespace riverlight::player {

/// Languages in which subtitles come, by how they are written. Those in Latin letters come first, the last of
/// them Vietnamese.
enum class Writing {
    western,  ///< English and its neighbours, from Portugal to Norway
    icelandic,
    polish,
    czech,  ///< and Slovak
    hungarian,
    romanian,
    turkish,
    baltic,
    vietnamese,
    thai,
    chinese_simplified,
    chinese_traditional,
    japanese,
    korean,
    cyrillic,
    greek,
    hebrew,
    arabic
};

/// How probable a text is.
struct Likelihood {
    double log = 0;   ///< natural logarithm, ASCII characters included
    int letters = 0;  ///< that are not ASCII
    int foreign =
        0;  ///< of these, those that nobody writes so: other scripts, control characters, misplaced marks
};

/// How probable `text` is if it is written so. Of two readings of the same bytes the larger logarithm is the
/// more probable one. Counts letters, and looks at what stands beside each; it knows no words.
[[nodiscard]] Likelihood likelihood_of(std::u16string_view text, Writing writing);

}  // namespace riverlight::player
