#include "player/text/legacy_encoding.hpp"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "content/base/plain_text.hpp"
#include "player/text/language_model.hpp"
#include "player/text/utf8.hpp"

namespace riverlight::player {
namespace {

constexpr std::size_t most_examined = 64U << 10;  ///< bytes
/// By how much the most probable reading must be the likelier one, also where both are of one language: as
/// natural logarithm.
constexpr double clearly = 2, clearly_of_one_language = 4, clearly_of_few_letters = 4;
constexpr int few_letters = 3;  ///< of a script of its own

struct CloseConverter {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};

constexpr const char* vni_name = "VNI";
using HighBytes = std::array<char16_t, 128>;  ///< what the bytes from 0x80 on stand for

/// TCVN 5712:1993, VN3.
constexpr HighBytes tcvn_5712{
    0x00c0, 0x1ea2, 0x00c3, 0x00c1, 0x1ea0, 0x1eb6, 0x1eac, 0x00c8, 0x1eba, 0x1ebc, 0x00c9, 0x1eb8, 0x1ec6,
    0x00cc, 0x1ec8, 0x0128, 0x00cd, 0x1eca, 0x00d2, 0x1ece, 0x00d5, 0x00d3, 0x1ecc, 0x1ed8, 0x1edc, 0x1ede,
    0x1ee0, 0x1eda, 0x1ee2, 0x00d9, 0x1ee6, 0x0168, 0x00a0, 0x0102, 0x00c2, 0x00ca, 0x00d4, 0x01a0, 0x01af,
    0x0110, 0x0103, 0x00e2, 0x00ea, 0x00f4, 0x01a1, 0x01b0, 0x0111, 0x1eb0, 0x0300, 0x0309, 0x0303, 0x0301,
    0x0323, 0x00e0, 0x1ea3, 0x00e3, 0x00e1, 0x1ea1, 0x1eb2, 0x1eb1, 0x1eb3, 0x1eb5, 0x1eaf, 0x1eb4, 0x1eae,
    0x1ea6, 0x1ea8, 0x1eaa, 0x1ea4, 0x1ec0, 0x1eb7, 0x1ea7, 0x1ea9, 0x1eab, 0x1ea5, 0x1ead, 0x00e8, 0x1ec2,
    0x1ebb, 0x1ebd, 0x00e9, 0x1eb9, 0x1ec1, 0x1ec3, 0x1ec5, 0x1ebf, 0x1ec7, 0x00ec, 0x1ec9, 0x1ec4, 0x1ebe,
    0x1ed2, 0x0129, 0x00ed, 0x1ecb, 0x00f2, 0x1ed4, 0x1ecf, 0x00f5, 0x00f3, 0x1ecd, 0x1ed3, 0x1ed5, 0x1ed7,
    0x1ed1, 0x1ed9, 0x1edd, 0x1edf, 0x1ee1, 0x1edb, 0x1ee3, 0x00f9, 0x1ed6, 0x1ee7, 0x0169, 0x00fa, 0x1ee5,
    0x1eeb, 0x1eed, 0x1eef, 0x1ee9, 0x1ef1, 0x1ef3, 0x1ef7, 0x1ef9, 0x00fd, 0x1ef5, 0x1ed0,
};
/// RFC 1456.
constexpr HighBytes viscii{
    0x1ea0, 0x1eae, 0x1eb0, 0x1eb6, 0x1ea4, 0x1ea6, 0x1ea8, 0x1eac, 0x1ebc, 0x1eb8, 0x1ebe, 0x1ec0, 0x1ec2,
    0x1ec4, 0x1ec6, 0x1ed0, 0x1ed2, 0x1ed4, 0x1ed6, 0x1ed8, 0x1ee2, 0x1eda, 0x1edc, 0x1ede, 0x1eca, 0x1ece,
    0x1ecc, 0x1ec8, 0x1ee6, 0x0168, 0x1ee4, 0x1ef2, 0x00d5, 0x1eaf, 0x1eb1, 0x1eb7, 0x1ea5, 0x1ea7, 0x1ea9,
    0x1ead, 0x1ebd, 0x1eb9, 0x1ebf, 0x1ec1, 0x1ec3, 0x1ec5, 0x1ec7, 0x1ed1, 0x1ed3, 0x1ed5, 0x1ed7, 0x1ee0,
    0x01a0, 0x1ed9, 0x1edd, 0x1edf, 0x1ecb, 0x1ef0, 0x1ee8, 0x1eea, 0x1eec, 0x01a1, 0x1edb, 0x01af, 0x00c0,
    0x00c1, 0x00c2, 0x00c3, 0x1ea2, 0x0102, 0x1eb3, 0x1eb5, 0x00c8, 0x00c9, 0x00ca, 0x1eba, 0x00cc, 0x00cd,
    0x0128, 0x1ef3, 0x0110, 0x1ee9, 0x00d2, 0x00d3, 0x00d4, 0x1ea1, 0x1ef7, 0x1eeb, 0x1eed, 0x00d9, 0x00da,
    0x1ef9, 0x1ef5, 0x00dd, 0x1ee1, 0x01b0, 0x00e0, 0x00e1, 0x00e2, 0x00e3, 0x1ea3, 0x0103, 0x1eef, 0x1eab,
    0x00e8, 0x00e9, 0x00ea, 0x1ebb, 0x00ec, 0x00ed, 0x0129, 0x1ec9, 0x0111, 0x1ef1, 0x00f2, 0x00f3, 0x00f4,
    0x00f5, 0x1ecf, 0x1ecd, 0x1ee5, 0x00f9, 0x00fa, 0x0169, 0x1ee7, 0x00fd, 0x1ee3, 0x1eee,
};
/// VNI for Windows: a letter and a mark are two bytes. Marks with a tone stand here without it.
constexpr HighBytes vni{
    0x20ac, 0xffff, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152,
    0xffff, 0x017d, 0xffff, 0xffff, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122,
    0x0161, 0x203a, 0x0153, 0xffff, 0x017e, 0x0178, 0x00a0, 0x00a1, 0x00a2, 0x00a3, 0x00a4, 0x00a5, 0x00a6,
    0x00a7, 0x00a8, 0x00a9, 0x00aa, 0x00ab, 0x00ac, 0x00ad, 0x00ae, 0x00af, 0x00b0, 0x00b1, 0x00b2, 0x00b3,
    0x00b4, 0x00b5, 0x00b6, 0x00b7, 0x00b8, 0x00b9, 0x00ba, 0x00bb, 0x00bc, 0x00bd, 0x00be, 0x00bf, 0x0302,
    0x0302, 0x0302, 0x0302, 0x0302, 0x0302, 0x1ec8, 0x00c7, 0x0306, 0x0306, 0x0306, 0x0306, 0x00cc, 0x00cd,
    0x1ef4, 0x0323, 0x00d0, 0x0110, 0x1eca, 0x0128, 0x01a0, 0x0303, 0x01af, 0x00d7, 0x0300, 0x0301, 0x0306,
    0x0309, 0x0306, 0x00dd, 0x00de, 0x00df, 0x0302, 0x0302, 0x0302, 0x0302, 0x0302, 0x0302, 0x1ec9, 0x00e7,
    0x0306, 0x0306, 0x0306, 0x0306, 0x00ec, 0x00ed, 0x1ef5, 0x0323, 0x00f0, 0x0111, 0x1ecb, 0x0129, 0x01a1,
    0x0303, 0x01b0, 0x00f7, 0x0300, 0x0301, 0x0306, 0x0309, 0x0306, 0x00fd, 0x00fe, 0x00ff,
};

/// A way to read bytes.
struct EncodingReading {
    const char* encoding;  ///< as iconv calls it
    Writing writing;
    double rarity;  ///< how rarely files come in it: as natural logarithm
    const HighBytes* table = nullptr;
    const char* name_of_icu = encoding;
};

/// Of two that read the same the first is offered.
constexpr std::array readings{EncodingReading{"windows-874", Writing::thai, 0},
                              EncodingReading{"windows-1258", Writing::vietnamese, 0},
                              EncodingReading{"TCVN-5712", Writing::vietnamese, 0, &tcvn_5712},
                              EncodingReading{"VISCII", Writing::vietnamese, 0, &viscii},
                              EncodingReading{vni_name, Writing::vietnamese, -0.5, &vni},
                              EncodingReading{"GB18030", Writing::chinese_simplified, 0},
                              EncodingReading{"GB18030", Writing::chinese_traditional, -3},
                              EncodingReading{"Big5", Writing::chinese_traditional, -1},
                              EncodingReading{"Big5-HKSCS", Writing::chinese_traditional, -2},
                              EncodingReading{"ISO-8859-1", Writing::western, 0.5},
                              EncodingReading{"windows-1252", Writing::western, 0.5},
                              EncodingReading{"ISO-8859-1", Writing::icelandic, -1},
                              EncodingReading{"CP932", Writing::japanese, -1, nullptr, "windows-31j"},
                              EncodingReading{"EUC-JP", Writing::japanese, -1},
                              EncodingReading{"EUC-KR", Writing::korean, -1},
                              EncodingReading{"CP949", Writing::korean, -2, nullptr, "windows-949"},
                              EncodingReading{"windows-1251", Writing::cyrillic, -1},
                              EncodingReading{"KOI8-R", Writing::cyrillic, -1},
                              EncodingReading{"ISO-8859-5", Writing::cyrillic, -2},
                              EncodingReading{"IBM866", Writing::cyrillic, -2},
                              EncodingReading{"windows-1250", Writing::polish, -1.5},
                              EncodingReading{"ISO-8859-2", Writing::polish, -1.5},
                              EncodingReading{"windows-1250", Writing::czech, -2},
                              EncodingReading{"ISO-8859-2", Writing::czech, -2},
                              EncodingReading{"windows-1250", Writing::hungarian, -1},
                              EncodingReading{"windows-1250", Writing::romanian, -1},
                              EncodingReading{"windows-1254", Writing::turkish, -1},
                              EncodingReading{"windows-1257", Writing::baltic, -2},
                              EncodingReading{"windows-1253", Writing::greek, -1},
                              EncodingReading{"ISO-8859-7", Writing::greek, -1},
                              EncodingReading{"windows-1255", Writing::hebrew, -1},
                              EncodingReading{"windows-1256", Writing::arabic, -1}};

/// The text in that encoding; nothing where a byte has no meaning in it.
std::optional<icu::UnicodeString> decoded(std::string_view bytes, const EncodingReading& reading) {
    if (reading.table) {
        icu::UnicodeString text;
        for (const char c : bytes) {
            const auto byte = static_cast<unsigned char>(c);
            text += byte < 0x80 ? char16_t{byte} : (*reading.table)[byte - 0x80U];
        }
        return text;
    }
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, CloseConverter> converter(ucnv_open(reading.name_of_icu, &error));
    if (U_FAILURE(error)) return {};
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
    icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(), error);
    if (U_FAILURE(error)) return {};
    return text;
}

bool is_high(char byte) {
    return static_cast<unsigned char>(byte) >= 0x80;
}

/// How many of the bytes that are not ASCII stand in sequences of UTF-8, and how many in none.
struct Sequences {
    std::size_t within = 0, outside = 0;
    std::size_t first_outside = 0;  ///< the byte's place
};
Sequences sequences_in(std::string_view bytes) {
    Sequences found;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto before = at;
        const bool broken = next_code_point(bytes, at) == U'\uFFFD';
        const auto high =
            static_cast<std::size_t>(std::count_if(bytes.begin() + static_cast<std::ptrdiff_t>(before),
                                                   bytes.begin() + static_cast<std::ptrdiff_t>(at), is_high));
        if (broken && found.outside == 0) found.first_outside = before;
        (broken ? found.outside : found.within) += high;
    }
    return found;
}

/// True where the bytes are UTF-8 but for a few, which were lost or joined by a program.
bool is_damaged_utf8(const Sequences& found) {
    return found.within >= 4 && found.outside * 5 <= found.within;
}

std::u16string_view view_of(const icu::UnicodeString& text) {
    return {text.getBuffer(), static_cast<std::size_t>(text.length())};
}

/// Of these a text may have one letter alone that is not ASCII.
bool is_latin(Writing writing) {
    return writing <= Writing::vietnamese;
}

const EncodingReading* probable_reading(std::string_view bytes) {
    if (const auto end = bytes.rfind('\n', most_examined); bytes.size() > most_examined && end != bytes.npos)
        bytes = bytes.substr(0, end);
    if (is_damaged_utf8(sequences_in(bytes))) return nullptr;
    struct Candidate {
        const EncodingReading* reading = nullptr;
        icu::UnicodeString text;
        double log = 0;
        int letters = 0;
        bool fits = false;
    };
    std::vector<Candidate> candidates;
    for (const auto& reading : readings) {
        auto text = decoded(bytes, reading);
        if (!text) continue;
        const auto found = likelihood_of(view_of(*text), reading.writing);
        candidates.push_back(
            {&reading, std::move(*text), found.log + reading.rarity, found.letters,
             found.foreign * 20 <= found.letters && (is_latin(reading.writing) || found.letters > 1)});
    }
    if (candidates.empty()) return nullptr;
    const auto best = std::max_element(candidates.begin(), candidates.end(),
                                       [](const auto& a, const auto& b) { return a.log < b.log; });
    const auto writing = best->reading->writing;
    const bool few = !is_latin(writing) && best->letters <= few_letters;
    const bool clear = std::all_of(candidates.begin(), candidates.end(), [&](const Candidate& other) {
        const auto margin = few                                 ? clearly_of_few_letters
                            : other.reading->writing == writing ? clearly_of_one_language
                                                                : clearly;
        return other.text == best->text || other.log + margin <= best->log;
    });
    return clear && best->fits ? best->reading : nullptr;
}

/// The first words that are not ASCII, as they read so.
std::string sample_of(std::string_view bytes, const EncodingReading& reading) {
    const auto first = std::find_if(bytes.begin(), bytes.end(), is_high);
    auto from = static_cast<std::size_t>(first - bytes.begin());
    while (from > 0 && bytes[from - 1] != '\n' && bytes[from - 1] != '\r') --from;
    const auto line = bytes.substr(from, std::min(bytes.find_first_of("\r\n", from), bytes.size()) - from);
    const auto text = decoded(line, reading);
    std::string out;
    if (text) text->toUTF8String(out);
    return plain_text(out, 60);
}

}  // namespace

std::string probable_encoding(std::string_view bytes) {
    const auto* reading = probable_reading(bytes);
    return reading ? reading->encoding : std::string();
}

std::string conversion_of(std::string_view bytes, const std::string& file) {
    constexpr auto save = "save it as UTF-8 in the program that made it";
    if (const auto found = sequences_in(bytes); is_damaged_utf8(found)) {
        const auto line =
            1 +
            std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(found.first_outside), '\n');
        return "most of it is; line " + std::to_string(line) +
               " is the first one that is damaged: write it again";
    }
    const auto* reading = probable_reading(bytes);
    if (!reading) return save;
    if (reading->encoding == std::string_view(vni_name))
        return "it is probably VNI, an encoding of Vietnamese fonts, which iconv does not know. Convert it "
               "to "
               "Unicode, for example with UniKey, or " +
               std::string(save);
    const std::string encoding = reading->encoding;
    const auto sample = sample_of(bytes, *reading);
    return "it is probably " + encoding +
           (sample.empty() ? "" : ", in which it begins with '" + sample + "'") +
           ". Save it as UTF-8, or convert it: iconv -f " + encoding + " -t UTF-8 '" + file +
           "' > new && mv new '" + file + "'";
}

}  // namespace riverlight::player
