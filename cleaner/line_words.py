"""Words that tell an article's sentences from a page's furniture: closed lists, written for this purpose.

A kind is a column of the line classifier: how many words of the line belong to it. A word may stand in one kind only;
where two lists have it, the first one takes it. Single words only, folded, without accents removed.
"""

from __future__ import annotations

STOP = """
the of and to in that is for on with as it at from this be are an not but which have has or they their his her he she
its there when who what more than if so about into would could will can were been had up out no was all one them him
then these those some such only other also because while where how any very just even after before over
der die das und den dem des ein eine einer einen einem eines im zu mit sich auf ist nicht auch als aus bei nach wie
wurde werden wird hat haben hatte hatten dass sie er es von vom am zum zur oder aber nur noch war waren sind an um durch
gegen über unter vor für bis ohne seit wenn weil denn doch schon sehr so da dann dort damit dabei davon dazu dafür
daran darauf darüber hier jetzt man mehr kann können konnte soll sollen sollte muss müssen will wollen würde wäre
worden sein seine seiner seinen ihre ihren ihrer diese dieser dieses diesem diesen jede jeder alle allem aller was wer
kein keine keinen einige etwa etwas viel viele immer wieder nun ob ins beim zwischen während sowie
le la les des et un une du dans est pour que qui sur pas par au aux ce cette ces il elle ils elles son sa ses leur leurs
avec plus ne se ou où mais été sont était étaient a ont avait avoir être fait comme tout tous toute même aussi entre
sans sous depuis après avant dont si encore très donc car on en y d l n s qu c j m
el los las y del en que por con una para es su sus al lo como más pero fue este esta estos ha han se si no ser era
son está están entre sobre también hasta desde cuando donde todo todos muy sin ya le les me uno dos porque
il che di è la per un una non sono del della dei delle degli dello con alla al ai nel nella nei anche più come si gli
ed da dal dalla ha hanno era essere stato stata questo questa quello suo sua loro ma se o i
o os as e do da dos das em um uma não que com para por mais foi ao à se na nas no nos pela pelo pelos seu sua são ser
está como mas também já até quando muito sobre entre foram tem ele ela isso
de het een van en in is dat die op te zijn met voor niet aan er om ook als maar bij naar uit was werd worden wordt heeft
hebben door over dan nog wel deze dit zij hij ze
och att det som en ett på är av för med den till inte har de om men var sig från kan vid efter när så också eller ska
och i er til af ikke der med har den det et men var fra kan blev skal efter eller når også vi de
ja on ei se että oli mutta hän kun ovat joka myös ole niin tai sen jo kuin nyt
i w na z ze się nie do że jest to o jak ale po od przez są za dla oraz tym tego jego jej ich był była było czy już tak
przy być także które który która może
a v na se je že s z do pro za by jsou ale jako který která které jeho byl bylo také
ve bir bu için ile da de olarak olan çok daha gibi ama
az és hogy nem egy volt van meg csak már mint ezt azt
и в не на что с по это как он из за от но для к был у его она так они же бы то все или при до о об
"""

PAST = """
said says told was were did went had been asked added wrote made came took found saw knew thought gave felt became
sagte war hatte wurden worden dit était avait ont dijo había era eran disse era foram zei werd werden sade
"""

ACT = """
click read sign subscribe share follow join download register login log watch listen view see get submit enter search
send save print contact buy shop donate vote rate reply comment post browse discover explore learn try start load show
hide close open skip continue tweet pin like email e-mail mail unsubscribe play
lesen anmelden abonnieren teilen folgen klicken weiterlesen suchen registrieren kommentieren drucken
lire cliquez abonnez partagez partager suivez inscrivez voir découvrir recevez connectez écouter
lea leer suscríbete suscribirse comparte compartir síguenos haga clic ver regístrate inicia
leggi iscriviti condividi segui clicca scopri guarda accedi registrati
leia assine compartilhe siga clique veja saiba cadastre inscreva
lees abonneer deel volg klik bekijk meld läs prenumerera dela följ klicka læs følg klik lue jaa tilaa
czytaj udostępnij zapisz zaloguj obserwuj kliknij čtěte sdílet přihlásit oku paylaş abone takip
читать читайте подписаться подпишитесь поделиться смотрите
"""

NAV = """
home menu news sport sports politics business world opinion culture entertainment lifestyle technology tech science
health travel video videos photos gallery podcasts podcast events jobs careers shop store blog archives archive about
help faq faqs support categories category tags tag topics topic sections section latest popular trending related
recommended featured next previous prev back top main content navigation sitemap page pages articles article stories
story more editions weather horoscope classifieds obituaries advertise advertising
startseite nachrichten politik wirtschaft kultur wissen ressort themen thema übersicht artikel seite impressum kontakt
accueil actualités politique économie société rubriques thèmes accès
inicio noticias deportes economía política cultura opinión secciones portada
notizie cronaca politica economia spettacoli sezioni nieuws
notícias esportes economia política seções nyheter startsida etusivu uutiset
новости главная
"""

LEGAL = """
privacy cookie cookies terms policy policies copyright rights reserved disclaimer conditions consent gdpr license
licence trademark trademarks llc inc ltd gmbh affiliate commission commissions sponsored advertisement ad ads disclosure
datenschutz agb nutzungsbedingungen anzeige werbung confidentialité mentions légales publicité droits
privacidad términos aviso derechos reservados publicidad condizioni pubblicità privacidade termos direitos publicidade
"""

SOCIAL = """
facebook twitter instagram linkedin youtube pinterest whatsapp tiktok reddit telegram tumblr flipboard snapchat
messenger rss newsletter newsletters google threads bluesky mastodon xing viber vk skype pocket disqus spotify stitcher
app apps apple android iphone ios inbox email
"""

TIME = """
january february march april may june july august september october november december jan feb mar apr jun jul aug sep
sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun pm edt gmt
utc pst ago hours hour minutes minute mins min days day weeks updated published posted last modified
januar februar märz mai juni juli oktober dezember uhr montag dienstag mittwoch donnerstag freitag samstag sonntag
aktualisiert veröffentlicht stunden minuten tagen
janvier février mars avril juin juillet août septembre octobre novembre décembre publié heures mis jour
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre publicado actualizado horas
gennaio febbraio maggio giugno luglio settembre ottobre novembre dicembre pubblicato
janeiro fevereiro março maio junho julho setembro outubro dezembro atualizado
"""

PEOPLE = """
by author authors editor writer reporter correspondent contributor columnist staff photo photos photograph photographer
image images picture credit credits courtesy caption getty reuters afp ap shutterstock istock illustration written
edited editing reporting reviewed biography bio via source sources flickr wikimedia pixabay unsplash
autor autoren redaktion foto fotos bild bilder quelle auteur auteurs crédit photographe
autor autora fuente foto imagen redacción autore fonte immagine redazione redactie bron
"""

YOU = """
you your yours our us we my me i
ihr ihnen unsere unser wir uns ich dein deine vous votre vos nous notre nos mon
usted tu tus nuestro nuestra nos mi vostro vostra tuo tua nostro nostra você seu nosso nossa jouw onze ons
"""

TALK = """
comments comment reply replies views view likes shares shared votes followers subscribers members member registered
account password username user users guest report flag anonymous permalink logged
kommentare kommentar antworten antwort commentaires commentaire répondre comentarios comentario responder commenti
rispondi comentários reacties reageren kommentarer
"""

OFFER = """
free trial offer offers deal deals discount price prices save sale gift cart checkout shipping order premium member
membership plan plans bonus coupon coupons webinar ebook whitepaper guide guides demo course courses quiz giveaway
daily weekly alerts alert updates update breaking delivered straight exclusive best tips
kostenlos angebot gratuit offre gratis oferta offerta
"""

KINDS = {
    kind: words.split()
    for kind, words in (
        ("social", SOCIAL),
        ("legal", LEGAL),
        ("act", ACT),
        ("talk", TALK),
        ("nav", NAV),
        ("people", PEOPLE),
        ("time", TIME),
        ("offer", OFFER),
        ("you", YOU),
        ("past", PAST),
        ("stop", STOP),
    )
}
"""Kinds in order of precedence."""
