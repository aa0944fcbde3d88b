#!/bin/busybox sh
# The initramfs' first program: opens the root of the slot that the chooser started by its hash, or gives the slot up.
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs -o mode=0755 run /run
for module in $(cat /modules/order); do insmod "/modules/$module" 2>/dev/null; done
for word in $(cat /proc/cmdline); do
    case $word in
        rauc.slot=*) slot=${word#*=} ;;
        riverlight.root=*) hash=${word#*=} ;;
        riverlight.at=*) at=${word#*=} ;;
    esac
done

# The partition with this name, once the disk is there; nothing after 30 s.
partition() {
    tries=0
    while [ $tries -lt 300 ]; do
        found=$(grep -l "^PARTNAME=$1$" /sys/class/block/*/uevent 2>/dev/null | head -n 1)
        [ -n "$found" ] && echo "/dev/$(basename "$(dirname "$found")")" && return
        tries=$((tries + 1))
        sleep 0.1
    done
}
restart() {
    sleep 2
    echo b >/proc/sysrq-trigger
    sleep 60
}
# The root is there and is not what its hash says: the other slot starts from now on.
give_up() {
    echo "riverlight: slot $slot: $1; it is given up"
    /sbin/riverlight-slots --device "$(partition slots)" --running "$slot" give-up "$slot"
    restart
}

name=root-$(echo "$slot" | tr AB ab)
root=$(partition "$name")
[ -n "$root" ] || { echo "riverlight: no partition $name"; restart; }
# veritysetup compares the hash only once something is read. The first look may fail; from then on corruption is a panic.
/sbin/veritysetup open --hash-offset="$at" "$root" root "$root" "$hash" || give_up "$name does not have its hash"
dd if=/dev/mapper/root of=/dev/null bs=64k count=16 2>/dev/null || give_up "$name is damaged"
/sbin/veritysetup close root
/sbin/veritysetup open --panic-on-corruption --hash-offset="$at" "$root" root "$root" "$hash" || restart
mkdir -p /sysroot
mount -t erofs -o ro /dev/mapper/root /sysroot || give_up "$name cannot be mounted"
# What Debian writes below /var goes with the power; what is kept is on the data partition.
mkdir -p /run/var
mount -t tmpfs -o mode=0755,size=96m var /run/var && mkdir -p /run/var/upper /run/var/work
mount -t overlay -o lowerdir=/sysroot/var,upperdir=/run/var/upper,workdir=/run/var/work var /sysroot/var
mount -t tmpfs -o mode=1777,size=64m tmp /sysroot/tmp
for folder in dev proc sys run; do mount -o move "/$folder" "/sysroot/$folder"; done
exec switch_root /sysroot /sbin/init
