"""256 short, plain Indonesian words that a daily seal is spelled with.

The order is part of the format: a seal printed once must be spelled the same for ever, so
words are never moved, changed or added.
"""

from __future__ import annotations

from typing import Final

_LIST: Final = """
    acar air akar alas alun aman anak angin angka anting apel api arah arang asap atap awan ayam
    ayun badai bagus baju bakau bambu bangau bantal batang batas batik batu bawang bayam bebek
    bekal belut benang benih beras besi biji bintang biru bola bolu buah buaya bubur budi bukit
    buku bulan bulu bunga burung busa busur cabai cahaya candi cangkir catur cemara cermin
    cincin coklat cuaca cuci cuka cumi dahan damai danau dapur darat dasar daun dayung delima
    desa dinding dodol domba duku durian ekor elang emas ember embun fajar gabah gading gajah
    galah gambar garam garis gasing gelas gendang gerai gitar goreng gula gulai gunung guru hari
    harum hati hijau hujan hutan ikan ikat indah itik jagung jahe jala jalan jambu jamur jari
    jarum jati jendela jeruk jujur kabut kaca kain kakak kaki kaktus kamar kancil kapal kapas
    kapur karang kasur katak kayu kebun kelapa kelinci kemiri kenari kendi kera kertas ketan
    ketupat kijang kipas kolam kopi kota kuda kue kunci kuning kunyit kursi labu ladang lagu
    lampu langit laut layar lebah lemon lengan lilin lima lobak lumut madu malam mangga manis
    mata mawar meja melati melon merah merak merpati mesin minyak muara mutiara nada nanas
    nangka nasi nelayan nila nyiur ombak padi pagar pagi paku pala panah pandan pantai papan
    pasar pasir payung pena perahu permata pintu pisang pita pohon puncak rambutan rempah roti
    rumah rusa sabun sagu salak sapi sapu sawah sayur semut senja serai siput suling sungai
    surya taman tanah teh telur terong tikar tomat topi tupai ubi udang wajan warna wortel
"""

WORDS: Final[tuple[str, ...]] = tuple(_LIST.split())
