// Golden pictures, approved by a person: a paragraph of each language, compared as an eye would. To write
// them again after an intended change: RIVERLIGHT_GOLDEN=write build/release/tests/unit/text/test_unit_text
// --gtest_filter='Golden*' and compare every one that git shows as changed with a browser's rendering of
// the same text.
#include <cairo.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "player/text/engine.hpp"
#include "tests/unit/text/samples.hpp"

namespace riverlight::player {
namespace {

constexpr int width = 480, height = 200;

/// Brightness of the letters on black, row by row.
using Grey = std::vector<double>;

struct FreeSurface {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, FreeSurface>;

std::size_t index(int x, int y) {
    return static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x);
}

Grey drawn(const Sample& sample) {
    // The first that is long enough to be broken.
    const auto text = std::find_if(sample.paragraphs.begin(), sample.paragraphs.end(),
                                   [](const std::string& p) { return p.size() > 100; });
    Grey out;
    TextReport report;
    BoxStyle style;
    style.px = 20;
    TextEngine(width, height)
        .layout(text == sample.paragraphs.end() ? sample.paragraphs.front() : *text, sample.locale, style,
                report, [&](const Overlay& page) {
                    if (!out.empty()) return;  // the first page will do
                    for (std::size_t i = 0; i < page.bgra.size(); i += 4)
                        out.push_back(page.bgra[i + 2] < 40 ? 0 : page.bgra[i + 2]);
                });
    return out;
}

void write(const Grey& grey, const std::string& path) {
    const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_A8, width, height));
    auto* data = cairo_image_surface_get_data(surface.get());
    const auto stride = cairo_image_surface_get_stride(surface.get());
    cairo_surface_flush(surface.get());
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) data[y * stride + x] = static_cast<unsigned char>(grey[index(x, y)]);
    cairo_surface_mark_dirty(surface.get());
    ASSERT_EQ(cairo_surface_write_to_png(surface.get(), path.c_str()), CAIRO_STATUS_SUCCESS) << path;
}

Grey read(const std::string& path) {
    const Surface surface(cairo_image_surface_create_from_png(path.c_str()));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS ||
        cairo_image_surface_get_width(surface.get()) != width ||
        cairo_image_surface_get_height(surface.get()) != height)
        return {};
    const auto stride = cairo_image_surface_get_stride(surface.get());
    const auto* data = cairo_image_surface_get_data(surface.get());
    const int step = cairo_image_surface_get_format(surface.get()) == CAIRO_FORMAT_A8 ? 1 : 4;
    Grey out;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) out.push_back(data[y * stride + x * step]);
    return out;
}

/// Blurs as distance does: each pixel is the mean of those around it.
Grey blurred(const Grey& from, int radius) {
    Grey out(from.size());
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            double sum = 0, count = 0;
            for (int v = std::max(0, y - radius); v <= std::min(height - 1, y + radius); ++v) {
                for (int u = std::max(0, x - radius); u <= std::min(width - 1, x + radius); ++u) {
                    sum += from[index(u, v)];
                    ++count;
                }
            }
            out[index(x, y)] = sum / count;
        }
    }
    return out;
}

struct Difference {
    double mean = 0, most = 0;
};
Difference difference(const Grey& a, const Grey& b) {
    const auto one = blurred(a, 2), two = blurred(b, 2);
    Difference out;
    for (std::size_t i = 0; i < one.size(); ++i) {
        const auto off = std::abs(one[i] - two[i]);
        out.mean += off / static_cast<double>(one.size());
        out.most = std::max(out.most, off);
    }
    return out;
}

constexpr double most_mean = 1.5, most_anywhere = 40;

TEST(Golden, EachLanguageMatchesItsGoldenPicture) {
    const auto* mode = std::getenv("RIVERLIGHT_GOLDEN");
    const bool writing = mode && std::string_view(mode) == "write";
    for (const auto& sample : samples()) {
        const auto path = std::string(TEXT_DATA) + "/golden/" + sample.locale + ".png";
        const auto now = drawn(sample);
        ASSERT_EQ(now.size(), static_cast<std::size_t>(width * height)) << sample.locale;
        if (writing) {
            write(now, path);
            continue;
        }
        const auto golden = read(path);
        ASSERT_EQ(golden.size(), now.size()) << path << ": is missing, or not a picture of the right size";
        const auto off = difference(golden, now);
        EXPECT_LE(off.mean, most_mean)
            << sample.locale << ": looks different; see the top of golden_test.cpp";
        EXPECT_LE(off.most, most_anywhere)
            << sample.locale << ": looks different; see the top of golden_test.cpp";
    }
}

TEST(Golden, TheMeasureDetectsOneMissingSyllable) {
    // A missing tone mark counts as a difference; a slight change of brightness does not.
    auto sample = Sample{"my", {"လူတိုင်းသည် တူညီ လွတ်လပ်သော ဂုဏ်သိက္ခာဖြင့် လည်းကောင်း"}};
    const auto golden = drawn(sample);
    sample.paragraphs[0] = "လူတိုင်းသည် တူညီ လွတ်လပ်သော ဂုဏ်သိက္ခာဖြင့် လည်းကောင";
    EXPECT_GT(difference(golden, drawn(sample)).most, most_anywhere);
    auto softer = golden;
    for (auto& value : softer) value = value * 0.97;
    EXPECT_LE(difference(golden, softer).most, most_anywhere);
}

}  // namespace
}  // namespace riverlight::player
