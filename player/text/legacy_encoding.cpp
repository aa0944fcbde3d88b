#include "player/text/legacy_encoding.hpp"

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "content/base/plain_text.hpp"

namespace riverlight::player {
namespace {

constexpr std::size_t most_examined = 64U << 10;  ///< bytes
constexpr int likely = 30;                        ///< of ICU's confidence, 0 to 100

struct CloseConverter {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};
struct CloseDetector {
    void operator()(UCharsetDetector* detector) const { ucsdet_close(detector); }
};

/// The text in that encoding; nothing where a byte has no meaning in it.
std::optional<icu::UnicodeString> decoded(std::string_view bytes, const char* encoding) {
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, CloseConverter> converter(ucnv_open(encoding, &error));
    if (U_FAILURE(error)) return {};
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
    icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(), error);
    if (U_FAILURE(error)) return {};
    return text;
}

bool is_high(char byte) {
    return static_cast<unsigned char>(byte) >= 0x80;
}

/// Chinese as mainland programs write it: pairs of high bytes, most of them of the commoner characters or
/// punctuation (GB 2312, rows 1 to 3 and 16 to 55). For texts that are too short for ICU's statistics.
bool is_chinese(std::string_view bytes) {
    std::size_t pairs = 0, common = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (!is_high(bytes[i])) continue;
        if (i + 1 == bytes.size() || !is_high(bytes[i + 1])) return false;
        const auto row = static_cast<unsigned char>(bytes[i]) - 0xA0;
        ++pairs;
        common += (row >= 1 && row <= 3) || (row >= 16 && row <= 55);
        ++i;
    }
    return pairs > 1 && common * 10 >= pairs * 9 && decoded(bytes, "GB18030");
}

/// Thai has a block of its own, vowels and tones that follow consonants, and hardly a letter of another
/// script beside its own. Some short Chinese texts read as Thai letters, but not with vowels and tones above
/// them.
bool is_thai(std::string_view bytes) {
    const auto text = decoded(bytes, "windows-874");
    if (!text) return false;
    const auto is_letter = [](char16_t c) { return c >= 0x0e01 && c <= 0x0e4e && c != 0x0e3f; };
    const auto is_above = [](char16_t c) {
        return c == 0x0e31 || (c >= 0x0e34 && c <= 0x0e3a) || c >= 0x0e47;
    };
    const auto is_before = [](char16_t c) { return c >= 0x0e40 && c <= 0x0e44; };
    const auto is_latin = [](char16_t c) { return (c | 0x20) >= u'a' && (c | 0x20) <= u'z'; };
    const auto high = static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), is_high));
    std::size_t letters = 0, others = 0, above = 0, before = 0, misplaced = 0, touching = 0;
    for (std::int32_t i = 0; i < text->length(); ++i) {
        const char16_t c = (*text)[i], last = i > 0 ? (*text)[i - 1] : u' ';
        touching += (is_letter(c) && is_latin(last)) || (is_latin(c) && is_letter(last));
        others += c == 0x0e3f || (c >= 0x0e4f && c <= 0x0e5b);  // the baht, digits, punctuation
        if (!is_letter(c)) continue;
        ++letters;
        before += is_before(c);
        if (!is_above(c)) continue;
        ++above;
        misplaced += !is_letter(last) || is_before(last);
    }
    const bool chinese = is_chinese(bytes);
    const auto thai = letters + (chinese ? 0 : others), signs = above + (chinese ? 0 : before);
    return letters > 1 && thai * 20 >= high * 19 && signs * 8 >= letters && misplaced * 20 <= above &&
           touching * 4 <= letters;
}

/// Vietnamese writes most tones as combining marks after vowels in windows-1258, and has letters that no
/// other language here has. One of either is enough where nothing else speaks against it: a short file has no
/// more.
bool is_vietnamese(std::string_view bytes) {
    const auto text = decoded(bytes, "windows-1258");
    if (!text) return false;
    static const icu::UnicodeString own(u"\u0111\u0110\u0103\u0102\u01a1\u01a0\u01b0\u01af");
    static const icu::UnicodeString tones(u"\u0300\u0301\u0303\u0309\u0323");
    static const icu::UnicodeString vowels(
        u"aeiouyAEIOUY\u00e2\u00ea\u00f4\u0103\u01a1\u01b0\u00c2\u00ca\u00d4\u0102\u01a0\u01af");
    static const icu::UnicodeString others(
        u"\u00e0\u00e1\u00e2\u00e8\u00e9\u00ea\u00ed\u00f3\u00f4\u00f9\u00fa\u00c0\u00c1\u00c2\u00c8\u00c9"
        u"\u00ca\u00cd\u00d3\u00d4\u00d9\u00da\u20ab\u201c\u201d\u2018\u2019\u2013\u2014\u2026\u00ab\u00bb"
        u"\u00a0"
        u"\u00b0\u2022");
    std::size_t signs = 0, foreign = 0, high = 0;
    for (std::int32_t i = 0; i < text->length(); ++i) {
        const char16_t c = (*text)[i];
        if (c < 0x80) continue;
        ++high;
        const bool tone = tones.indexOf(c) >= 0, placed = i > 0 && vowels.indexOf((*text)[i - 1]) >= 0;
        if (own.indexOf(c) >= 0 || (tone && placed))
            ++signs;
        else
            foreign += tone || others.indexOf(c) < 0;
    }
    return signs > 0 && foreign * 20 <= high;
}

/// The most probable of ICU's candidates in which any of Riverlight's languages is written: Chinese, and
/// English with words of its neighbours. Western Europe's stand for all encodings of Latin letters, which ICU
/// cannot tell apart in a few words.
std::string detected(std::string_view bytes) {
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, CloseDetector> detector(ucsdet_open(&error));
    ucsdet_setText(detector.get(), bytes.data(), static_cast<std::int32_t>(bytes.size()), &error);
    std::int32_t count = 0;
    const auto* const* matches = ucsdet_detectAll(detector.get(), &count, &error);
    for (std::int32_t i = 0; U_SUCCESS(error) && i < count; ++i) {
        if (ucsdet_getConfidence(matches[i], &error) < likely) break;
        const std::string_view name = ucsdet_getName(matches[i], &error);
        if (name == "GB18030" || name == "Big5" || name.starts_with("UTF-")) return std::string(name);
        if (name.starts_with("ISO-8859-") || name.starts_with("windows-125")) break;
    }
    if (is_chinese(bytes)) return "GB18030";
    const bool has_c1 = std::any_of(bytes.begin(), bytes.end(), [](char byte) {
        return static_cast<unsigned char>(byte) >= 0x80 && static_cast<unsigned char>(byte) < 0xA0;
    });
    const auto* latin = has_c1 ? "windows-1252" : "ISO-8859-1";
    const auto text = decoded(bytes, latin);
    if (!text) return {};
    const auto high = static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), is_high));
    const auto letters = static_cast<std::size_t>(std::count_if(
        bytes.begin(), bytes.end(), [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }));
    return letters >= high * 2 ? latin : std::string();
}

/// The first words that are not ASCII, as they read in that encoding.
std::string sample_of(std::string_view bytes, const char* encoding) {
    const auto first = std::find_if(bytes.begin(), bytes.end(), is_high);
    auto from = static_cast<std::size_t>(first - bytes.begin());
    while (from > 0 && bytes[from - 1] != '\n' && bytes[from - 1] != '\r') --from;
    const auto line = bytes.substr(from, std::min(bytes.find_first_of("\r\n", from), bytes.size()) - from);
    const auto text = decoded(line, encoding);
    std::string out;
    if (text) text->toUTF8String(out);
    return plain_text(out, 60);
}

}  // namespace

std::string probable_encoding(std::string_view bytes) {
    if (const auto end = bytes.rfind('\n', most_examined); bytes.size() > most_examined && end != bytes.npos)
        bytes = bytes.substr(0, end);
    if (is_thai(bytes)) return "windows-874";
    if (is_vietnamese(bytes)) return "windows-1258";
    return detected(bytes);
}

std::string conversion_of(std::string_view bytes, const std::string& file) {
    const auto encoding = probable_encoding(bytes);
    if (encoding.empty()) return "save it as UTF-8 in the program that made it";
    const auto sample = sample_of(bytes, encoding.c_str());
    return "it is probably " + encoding +
           (sample.empty() ? "" : ", in which it begins with '" + sample + "'") +
           ". Save it as UTF-8, or convert it: iconv -f " + encoding + " -t UTF-8 '" + file +
           "' > new && mv new '" + file + "'";
}

}  // namespace riverlight::player
