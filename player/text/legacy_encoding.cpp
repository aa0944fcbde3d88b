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

std::size_t count_if(const icu::UnicodeString& text, const auto& condition) {
    std::size_t count = 0;
    for (std::int32_t i = 0; i < text.length(); ++i) count += condition(text[i]);
    return count;
}

bool is_high(char byte) {
    return static_cast<unsigned char>(byte) >= 0x80;
}

/// Thai has a block of its own, vowels and tones that follow consonants, and no letters of other blocks
/// between.
bool is_thai(std::string_view bytes) {
    const auto text = decoded(bytes, "windows-874");
    if (!text) return false;
    const auto high = static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), is_high));
    const auto thai = count_if(*text, [](char16_t c) { return c >= 0x0e01 && c <= 0x0e5b; });
    const auto marks = count_if(*text, [](char16_t c) {
        return c == 0x0e31 || (c >= 0x0e34 && c <= 0x0e3a) || (c >= 0x0e47 && c <= 0x0e4e) ||
               (c >= 0x0e40 && c <= 0x0e44);
    });
    std::size_t misplaced = 0;
    for (std::int32_t i = 0; i < text->length(); ++i) {
        const char16_t c = (*text)[i], before = i > 0 ? (*text)[i - 1] : u' ';
        const bool mark = c == 0x0e31 || (c >= 0x0e34 && c <= 0x0e3a) || (c >= 0x0e47 && c <= 0x0e4e);
        misplaced += mark && (before < 0x0e01 || before > 0x0e4e || (before >= 0x0e40 && before <= 0x0e44));
    }
    return thai * 10 >= high * 9 && marks * 8 >= thai && misplaced * 20 <= marks;
}

/// Vietnamese writes tones as combining marks after vowels in windows-1258, and has letters that only it has.
bool is_vietnamese(std::string_view bytes) {
    const auto text = decoded(bytes, "windows-1258");
    if (!text) return false;
    const auto own = count_if(*text, [](char16_t c) {
        return c == 0x0111 || c == 0x01a1 || c == 0x01b0 || c == 0x0103 || c == 0x0110 || c == 0x01a0 ||
               c == 0x01af;
    });
    std::size_t tones = 0, misplaced = 0;
    static const icu::UnicodeString vowels(
        u"aeiouyAEIOUY\u00e2\u00ea\u00f4\u0103\u01a1\u01b0\u00c2\u00ca\u00d4\u0102\u01a0\u01af");
    for (std::int32_t i = 0; i < text->length(); ++i) {
        const char16_t c = (*text)[i];
        if (c != 0x0300 && c != 0x0301 && c != 0x0303 && c != 0x0309 && c != 0x0323) continue;
        ++tones;
        misplaced += i == 0 || vowels.indexOf((*text)[i - 1]) < 0;
    }
    return tones >= 2 && own >= 1 && misplaced * 10 <= tones;
}

std::string detected(std::string_view bytes) {
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, CloseDetector> detector(ucsdet_open(&error));
    ucsdet_setText(detector.get(), bytes.data(), static_cast<std::int32_t>(bytes.size()), &error);
    const auto* match = ucsdet_detect(detector.get(), &error);
    if (U_FAILURE(error) || !match) return {};
    const int confidence = ucsdet_getConfidence(match, &error);
    const char* name = ucsdet_getName(match, &error);
    return U_FAILURE(error) || confidence < likely ? std::string() : std::string(name);
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
