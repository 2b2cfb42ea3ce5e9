package clean

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// This file holds the words that dates are written with: English, German,
// French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian,
// Swedish, Danish, Norwegian, Czech, Turkish, Hungarian and Greek.

// months has one line for each language and form, January first. A word is a
// month if it is one of these, or three letters or more that begin names of
// one month alone.
var months = []string{
	"january february march april may june july august september october november december",
	"januar februar märz april mai juni juli august september oktober november dezember",
	"jänner feber mär april mai juni juli august september oktober november dezember",
	"janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
	"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
	"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
	"janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
	"januari februari maart april mei juni juli augustus september oktober november december",
	"styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
	"stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
	"январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
	"января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
	"січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
	"januari februari mars april maj juni juli augusti september oktober november december",
	"januar februar marts april maj juni juli august september oktober november december",
	"januar februar mars april mai juni juli august september oktober november desember",
	"leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
	"ledna února března dubna května června července srpna září října listopadu prosince",
	"ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
	"január február március április május június július augusztus szeptember október november december",
	"január februári március áprilisi máujus június július augusztus szeptember október november december", // as a Hungarian feed program misspelt them
	"ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος σεπτέμβριος οκτώβριος νοέμβριος δεκέμβριος",
	"ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",
	"ιαν φεβ μάώ απρ μάϊ ιον ιολ αυγ σεπ οκτ νοε δεκ", // as Greek feeds abbreviate them
	"tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
	"tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
	"ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
	"januari februari maret april mei juni juli agustus september oktober november desember",
	"يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
	"jan feb mrt apr mei jun jul aug sept okt nov dec",
	"jan feb mrz apr mai jun jul aug sept okt nov dez",
	"janv févr mars avr mai juin juil août sept oct nov déc",
}

// weekdays has one line for each language, Sunday first. A word is a weekday
// if it begins one of these with two letters or more.
var weekdays = []string{
	"sunday monday tuesday wednesday thursday friday saturday",
	"sonntag montag dienstag mittwoch donnerstag freitag samstag",
	"sonntag montag dienstag mittwoch donnerstag freitag sonnabend",
	"dimanche lundi mardi mercredi jeudi vendredi samedi",
	"domingo lunes martes miércoles jueves viernes sábado",
	"domenica lunedì martedì mercoledì giovedì venerdì sabato",
	"domingo segunda terça quarta quinta sexta sábado",
	"zondag maandag dinsdag woensdag donderdag vrijdag zaterdag",
	"niedziela poniedziałek wtorek środa czwartek piątek sobota",
	"воскресенье понедельник вторник среда четверг пятница суббота",
	"вс пн вт ср чт пт сб",
	"неділя понеділок вівторок середа четвер п'ятниця субота",
	"söndag måndag tisdag onsdag torsdag fredag lördag",
	"søndag mandag tirsdag onsdag torsdag fredag lørdag",
	"neděle pondělí úterý středa čtvrtek pátek sobota",
	"pazar pazartesi salı çarşamba perşembe cuma cumartesi",
	"vasárnap hétfő kedd szerda csütörtök péntek szombat",
	"κυριακή δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο",
	"κυρ δευ τρι τετ πεμ παρ σαβ",
	"sunnuntai maanantai tiistai keskiviikko torstai perjantai lauantai",
	"sunnuntaina maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina",
	"duminică luni marți miercuri joi vineri sâmbătă",
	"minggu senin selasa rabu kamis jumat sabtu",
	"الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت",
	"日曜日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日",
	"星期日 星期一 星期二 星期三 星期四 星期五 星期六",
	"星期天 周一 周二 周三 周四 周五 周六",
	"일요일 월요일 화요일 수요일 목요일 금요일 토요일",
}

// fillers are words that stand in dates and say nothing about the instant.
var fillers = strings.Fields(`at on the of de del di do d om kl klo um uhr den der le la à às o'clock og a las del dia
	posted published updated t st nd rd th er ère eme ème º ª ° г года год р року ur h hrs est. i
	ore alle uur в о klockan feira`)

// halves are the words for the halves of a day; true is the second.
var halves = map[string]bool{
	"am": false, "pm": true, "오전": false, "오후": true, "上午": false, "下午": true, "午前": false, "午後": true,
	"de.": false, "du.": true, "πμ": false, "μμ": true,
}

// zones are the abbreviations of time zones in minutes east of Greenwich.
// Where one stands for several, the meaning of RFC 822 or the most frequent
// in feeds is taken; those with no clear meaning are left out.
var zones = map[string]int{
	"utc": 0, "gmt": 0, "ut": 0, "z": 0, "wet": 0, "zulu": 0, "uct": 0,
	"west": 60, "cet": 60, "met": 60, "mez": 60, "bst": 60, "wat": 60,
	"cest": 120, "mest": 120, "mesz": 120, "eet": 120, "sast": 120, "cat": 120,
	"eest": 180, "msk": 180, "trt": 180, "eat": 180, "ast": -240, "adt": -180,
	"msd": 240, "gst": 240, "pkt": 300, "ist": 330, "npt": 345, "wib": 420, "ict": 420,
	"hkt": 480, "sgt": 480, "awst": 480, "pht": 480, "jst": 540, "kst": 540,
	"acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
	"nst": -210, "ndt": -150, "brt": -180, "art": -180, "clt": -240,
	"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
	"akst": -540, "akdt": -480, "hst": -600, "hdt": -540,
}

// chinaStandard is what CST means in a date written in Chinese, in minutes.
const chinaStandard = 480

// places are the abbreviations that follow summer time.
var places = map[string]string{
	"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
	"at": "America/Halifax", "eastern": "America/New_York", "pacific": "America/Los_Angeles", "central": "America/Chicago",
}

// foldWord writes a word in lower case without accents, so that März, MARZ
// and marz are one.
func foldWord(w string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(w)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ς':
			b.WriteRune('σ')
		case r == 'ı':
			b.WriteByte('i')
		case r == 'ł':
			b.WriteByte('l')
		case r == 'ø':
			b.WriteByte('o')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// dateWords is what the tables above say of every word and beginning of a
// word, as bits: months 1 to 12, and days 0 (Sunday) to 6.
type dateWords struct {
	month, monthStart map[string]uint16
	day               map[string]uint8
	filler            map[string]bool
}

// newDateWords folds the tables.
func newDateWords() *dateWords {
	d := &dateWords{map[string]uint16{}, map[string]uint16{}, map[string]uint8{}, map[string]bool{}}
	for _, line := range months {
		for i, name := range strings.Fields(line) {
			word := []rune(foldWord(name))
			d.month[string(word)] |= 1 << (i + 1)
			for n := 3; n <= len(word); n++ {
				d.monthStart[string(word[:n])] |= 1 << (i + 1)
			}
		}
	}
	for _, line := range weekdays {
		for i, name := range strings.Fields(line) {
			word := []rune(foldWord(name))
			for n := min(2, len(word)); n <= len(word); n++ {
				d.day[string(word[:n])] |= 1 << i
			}
		}
	}
	for _, word := range fillers {
		d.filler[foldWord(word)] = true
	}
	return d
}
