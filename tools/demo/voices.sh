#!/bin/sh
# Speaks the `spoken` words of a copied segment: <locale>/sound.wav for each language that espeak-ng has a voice for.
#   tools/demo/voices.sh FOLDER
# The same words always give the same bytes. Languages without a voice (Khmer, Lao) stay silent.
set -eu
folder=${1:?usage: tools/demo/voices.sh FOLDER}
total=$(sed -n 's/^seconds = //p' "$folder/cards.toml" | awk '{ s += $1 } END { print s }')
for strings in "$folder"/*/strings.toml; do
    locale=$(basename "$(dirname "$strings")")
    case $locale in
        en) voice=en-gb ;;
        zh-Hans) voice=cmn ;;
        my | shn | th | vi) voice=$locale ;;
        *) continue ;;
    esac
    words=$(sed -n 's/^spoken = "\(.*\)"$/\1/p' "$strings")
    [ -n "$words" ] || continue
    sound=$(dirname "$strings")/sound.wav
    for speed in 150 175 200 240 290 350 450; do
        # Debian 12's espeak-ng fails on some Burmese and Shan words; leave that language silent and build the rest.
        espeak-ng -v "$voice" -s "$speed" -w "$sound" "$words" 2>/dev/null || {
            echo "$locale: espeak-ng could not speak these words, left silent"
            rm -f "$sound"
            continue 2
        }
        # 22,050 Hz, 16 bit, one channel, after a header of 44 bytes
        bytes=$(wc -c <"$sound")
        [ $(((bytes - 44) / 441)) -gt $((total * 100)) ] || break
    done
    if [ $(((bytes - 44) / 441)) -gt $((total * 100)) ]; then
        echo "$locale: too many words for $total s, left silent"
        rm "$sound"
    fi
done
