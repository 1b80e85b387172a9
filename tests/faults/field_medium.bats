#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What other systems leave on a stick by looking at it.

load ../e2e/reset_setup
load ../e2e/ceremony_fixture
load inject

# As each system writes them.
# shellcheck disable=SC2016
FOREIGN=(._.DS_Store .DS_Store .Trashes .Spotlight-V100 .fseventsd
	.TemporaryItems .DocumentRevisions-V100 .apdisk
	.com.apple.timemachine.donotpresent .AppleDouble 'Network Trash Folder'
	'Temporary Items' desktop.ini Desktop.ini Thumbs.db ehthumbs.db
	ehthumbs_vista.db 'System Volume Information' '$RECYCLE.BIN' RECYCLER
	RECYCLED FOUND.000 WPSettings.dat IndexerVolumeGuid '~$EADME.txt'
	lost+found .Trash .Trash-1000 .directory '.~lock.README.txt#' @eaDir
	$'Icon\r' .localized .metadata_never_index .VolumeIcon.icns
	.fuse_hidden0000002a00000001 .nfs000000000000a1 .goutputstream-A1B2C3
	'#recycle' @Recycle)

# What no system leaves: it was put there.
# shellcheck disable=SC2016
STRANGE=(autorun.inf .hidden _corp.crl .DS_Store2 DS_Store .Trashes.crl
	desktop.in desktop.ini~ 'Thumbs.db ' FOUND.00 FOUND.0000 FOUND.00x
	.Trash1000 README.txt~ .README.txt.swp '~README.txt' '$RECYCLE'
	'System Volume Information.crl' .~lock ..corp.crl 'corp (1).crl'
	Icon recycle .localized2 .fuse .goutputstream 0recycle)

# letters upper|lower NAME: as a FAT may have it
letters() {
	case $1 in
	upper) tr '[:lower:]' '[:upper:]' <<<"$2" ;;
	lower) tr '[:upper:]' '[:lower:]' <<<"$2" ;;
	*) echo "$2" ;;
	esac
}

# folders_of STICK: every one, and the stick itself
folders_of() {
	find "$1" -type d -regextype posix-extended \
		-regex "$1(/crlferry(/corp(/[0-9]+)?)?)?"
}

# companions FOLDER: macOS leaves one beside each file and folder
companions() {
	find "$1" -mindepth 1 -maxdepth 1 ! -name '.*' -printf '%f\n'
}

# looked_at STICK [upper|lower]: as files, each full of something of ours
looked_at() {
	local folder name
	while read -r folder; do
		companions "$folder" | while read -r name; do
			printf '\0\5\26\7\0\2\0\0Mac OS X        ' \
				>"$folder/._$name"
		done
		for name in "${FOREIGN[@]}"; do
			cp high.crl "$folder/$(letters "${2-}" "$name")"
		done
	done < <(folders_of "$1" | sort)
}

# looked_at_as_folders STICK: with a bundle in each
looked_at_as_folders() {
	local folder name
	while read -r folder; do
		for name in "${FOREIGN[@]}"; do
			mkdir "$folder/$name"
			cp high/* "$folder/$name/"
		done
	done < <(folders_of "$1" | sort)
}

# the_newest STICK: its bundle's folder
the_newest() {
	find "$1/crlferry/corp" -mindepth 1 -maxdepth 1 -name '[0-9]*' |
		sort | tail -n 1
}

sub_info() {
	guarded "$SUB_PROGRAM" info "$1" --config sub/crlferry.cfg --json
}

# begun_anew: no CRL is accepted yet
begun_anew() {
	rm -rf sub/state stores
	mkdir -p stores/hash
}

# takes_two STICK: info and import of the stick and of the bundle's folder take
# #2, and nothing on the stick changes
takes_two() {
	local before source
	before=$(find "$1" -printf '%p %y %s %T@\n' | sort)
	for source in "$1" "$1/crlferry/corp/000002"; do
		begun_anew
		sub_info "$source" | jq -e '.bundles[0].number == "2"'
		guarded "$SUB_PROGRAM" import "$source" --quiet \
			--config sub/crlferry.cfg
		accepts 2
	done
	[ "$before" = "$(find "$1" -printf '%p %y %s %T@\n' | sort)" ]
}

@test "files of macOS, Windows and Linux in every folder, in any letters" {
	local case
	unset_subordinate sub/crlferry.cfg note_secret
	mv stick2 clean
	for case in as-is upper lower; do
		cp -r clean stick2
		looked_at stick2 $case
		echo "$case"
		takes_two stick2
		rm -r stick2
	done
}

@test "folders of theirs, with a bundle in each" {
	unset_subordinate sub/crlferry.cfg note_secret
	looked_at_as_folders stick2
	takes_two stick2
}

@test "links, FIFOs, sockets and devices under such names, and thousands" {
	local folder
	unset_subordinate sub/crlferry.cfg note_secret
	while read -r folder; do
		mkfifo "$folder/.DS_Store"
		ln -s /dev/zero "$folder/Thumbs.db"
		ln -s "$T/ca" "$folder/.Trashes"
		ln -s nowhere "$folder/desktop.ini"
		ln high.crl "$folder/._corp.crl"
		perl -MSocket -e 'socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die;
			bind($s, pack_sockaddr_un($ARGV[0])) or die' \
			"$folder/._socket"
		mknod "$folder/ehthumbs.db" c 1 5 || true
		(cd "$folder" && seq -f '._%g' 5000 | xargs touch)
	done < <(folders_of stick2 | sort)
	takes_two stick2
	# none of them is opened, or even looked at
	need_strace
	begun_anew
	strace -f -qq -o trace -e "trace=$LOOKING,unlinkat" "$SUB_PROGRAM" \
		import stick2 --config sub/crlferry.cfg --quiet
	accepts 2
	grep -q '"corp.crl"' trace
	[ "$(grep -cE '"[^"]*([.]_|DS_Store|humbs|Trashes|desktop)' trace)" \
		-eq 0 ]
}

@test "what only pretends to be the file is never used" {
	local bundle=stick2/crlferry/corp/000002 seal
	begun_anew
	mv $bundle/corp.crl $bundle/._corp.crl
	refuses 66 missing sub import stick2
	says "$bundle/corp.crl: "
	mv $bundle/._corp.crl $bundle/corp.crl
	mv $bundle/bundle.json $bundle/._bundle.json
	refuses 66 missing sub import stick2
	says "$bundle: has no bundle.json: passed over"
	refuses 66 missing sub import $bundle
	mv $bundle/._bundle.json $bundle/bundle.json
	seal=$(basename $bundle/bundle.json.*.minisig)
	mv "$bundle/$seal" "$bundle/._$seal"
	refuses 66 missing sub import stick2
	says "$bundle: has no seal, since an export was interrupted"
	mv "$bundle/._$seal" "$bundle/$seal"
	mv $bundle stick2/crlferry/corp/._000002
	refuses 66 missing sub import stick2
	mv stick2/crlferry/corp/._000002 $bundle
	mv stick2/crlferry stick2/._crlferry
	refuses 66 missing sub import stick2
	[ ! -e stores/one.crl ]
}

@test "what no system leaves is refused, as before" {
	local bundle=stick2/crlferry/corp/000002 name
	begun_anew
	for name in "${STRANGE[@]}"; do
		cp high.crl "$bundle/$name"
		refuses 65 format sub import stick2
		says "$bundle/$name: is not a file of a bundle"
		says 'remedy: move it away from that folder'
		rm "$bundle/$name"
	done
	sub import stick2 --quiet
	accepts 2
}

@test "a file in letters that another system gave it: by which name it is one" {
	local bundle=stick2/crlferry/corp/000002 name other
	begun_anew
	for name in corp.crl corp.crl.pem corp.crt README.txt SHA256SUMS; do
		other=$(letters upper "$name")
		[ "$other" != "$name" ] || other=$(letters lower "$name")
		mv "$bundle/$name" "$bundle/$other"
		refuses 65 format sub import stick2
		says "$bundle/$other: is not a file of a bundle, in these letters"
		says "remedy: rename it to $name; "
		mv "$bundle/$other" "$bundle/$name"
	done
	sub import stick2 --quiet
	accepts 2
}

# exports: to stick2; then its newest bundle has no more than it should
exports() {
	root ca export stick2 --allow-fixed-disk --quiet || return
	local bundle
	bundle=$(the_newest stick2)
	(cd "$bundle" && sha256sum -c --quiet SHA256SUMS &&
		[ "$(wc -l <SHA256SUMS)" -eq 5 ])
}

@test "export over them, and old bundles go with what was left in them" {
	local old=stick2/crlferry/corp/000002
	begun_anew
	looked_at stick2
	exports
	root ca issue --quiet
	exports
	root ca issue --quiet
	exports
	[ ! -e $old ]
	# what lies outside an old bundle stays
	[ -e stick2/.DS_Store ] && [ -e stick2/crlferry/corp/._000002 ]
	sub import stick2 --quiet
	accepts 4
}

@test "whatever they are, they keep no old bundle, nor an export from success" {
	local old=stick2/crlferry/corp/000001
	mkdir $old
	cp stick2/crlferry/corp/000002/* $old/
	cp -r $old stick2/crlferry/corp/000000
	mkfifo $old/.DS_Store
	ln -s "$T/ca/root.key" $old/._corp.crl
	ln -s "$T/ca" $old/Thumbs.db
	(cd $old && seq -f '._%g' 5000 | xargs touch)
	# a folder of theirs is not emptied: it stays, and the bundle goes
	mkdir $old/../000000/.Trashes
	cp high.crl $old/../000000/.Trashes/precious
	root ca issue --quiet
	run root ca export stick2 --allow-fixed-disk
	[ "$status" -eq 0 ]
	says_not 'stays there'
	[ ! -e $old ] && [ -s ca/root.key ] && [ -e ca/index.txt ]
	[ "$(find stick2/crlferry/corp/000000 -mindepth 1 -printf '%P ')" = \
		'.Trashes .Trashes/precious ' ]
	# nor does it hinder any later one, or an import
	root ca issue --quiet
	run root ca export stick2 --allow-fixed-disk
	[ "$status" -eq 0 ]
	says_not 'stays there'
	begun_anew
	run sub import stick2
	[ "$status" -eq 0 ]
	says_not 'passed over'
	# beside anything else, the old bundle is left alone, and that is said
	mkdir $old
	cp "$(the_newest stick2)"/* $old/
	cp high.crl $old/.DS_Store
	cp high.crl $old/notes.txt
	root ca issue --quiet
	run root ca export stick2 --allow-fixed-disk
	[ "$status" -eq 0 ]
	says "$old: is old and stays there: notes.txt in it is not a bundle's"
	[ -e $old/.DS_Store ] && [ -e $old/corp.crl ]
}

@test "one that cannot be removed keeps no export from success" {
	local old=stick2/crlferry/corp/000001
	mkdir $old
	cp stick2/crlferry/corp/000002/* $old/
	cp high.crl $old/desktop.ini
	root ca issue --quiet
	chattr +i $old/desktop.ini 2>/dev/null ||
		skip "no file can be made immutable here"
	run root ca export stick2 --allow-fixed-disk
	chattr -i $old/desktop.ini
	[ "$status" -eq 0 ]
	[ "$(ls -A $old)" = desktop.ini ]
	root ca issue --quiet
	root ca export stick2 --allow-fixed-disk --quiet
	[ ! -e $old ]
}

@test "request, collect, order, seal, export, recover and import over them" {
	looked_at stick
	request
	looked_at stick upper
	collect --quiet
	[[ "$(kept)" == *request-one-1* ]]
	order --quiet
	looked_at stick
	# another officer's seal, on the order and on a bundle
	root ca export stick --allow-fixed-disk --quiet
	looked_at stick lower
	make_officer officer ca/seal.pub \
		'subordinates = ( { name = "one"; } );'
	root officer seal stick --quiet
	[ "$(find stick/crlferry/corp/000002 -name 'bundle.json.*' |
		wc -l)" -eq 2 ]
	[ "$(find stick/crlferry/corp -name 'reset-one.json.*' |
		wc -l)" -eq 2 ]
	looked_at stick
	recover --quiet
	sub import stick --quiet
	accepts 2
	# its receipt went back
	looked_at stick
	collect --quiet
	[[ "$(kept)" == *receipt-one-2* ]]
}

@test "a ceremony over them" {
	mkdir room && cd room && make_room
	mkdir -p medium/crlferry/corp
	root ca export medium --allow-fixed-disk --quiet
	cp ../high.crl .
	looked_at medium
	holds
	one_crl_more
	says 'All is written and was read back'
	make_sub_config ca corp one
	guarded "$SUB_PROGRAM" import medium --quiet --config sub/crlferry.cfg
	cmp stores/one.crl ca/state/corp/archive/000002.crl
}
