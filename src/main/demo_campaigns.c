/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the demonstration shows: two campaigns that took place in the field, their texts written
 * anew, and five invented ones. */
#include <stddef.h>

#include "main/demo_local.h"

const struct demo_campaign demo_campaigns[] = {
    {
        .slug = "du-balai-les-vieux-e-mails",
        .title = {"Du balai, les vieux e-mails !", "Out with the old e-mails!"},
        .summary =
            {"Une demi-heure chacun, à plusieurs milliers, pour vider nos boîtes aux lettres.",
             "Half an hour each, by the thousand, to empty our mailboxes."},
        .story = {"Des années de bons de réduction, de notifications et de pièces jointes dorment "
                  "dans nos boîtes. "
                  "Seul, on remet toujours à demain. **Ensemble, on s’y met trente minutes, et "
                  "c’est fait.**\n\n"
                  "## Comment faire\n\n"
                  "1. Triez par expéditeur : les envois automatiques partent d’un coup.\n"
                  "2. Triez par taille : dix messages font souvent la moitié du poids.\n"
                  "3. Désabonnez-vous de ce que vous ne lisez plus.\n"
                  "4. Videz la corbeille, et dites-nous combien.\n\n"
                  "Aucune compétence n’est nécessaire. Le fils aide la mère, la collègue aide le "
                  "voisin de bureau. "
                  "Le bénéfice pour le climat est modeste, et nous ne l’exagérons pas : ce qui "
                  "compte, c’est d’avoir commencé.\n",
                  "Years of coupons, notifications and attachments sleep in our mailboxes. Alone, "
                  "one always puts it off. "
                  "**Together, we take thirty minutes, and it is done.**\n\n"
                  "## How to go about it\n\n"
                  "1. Sort by sender: automatic mails go in one sweep.\n"
                  "2. Sort by size: ten mails often make half the weight.\n"
                  "3. Unsubscribe from what you no longer read.\n"
                  "4. Empty the bin, and tell us how many.\n\n"
                  "No skill is needed. The son helps his mother, a colleague helps the next desk. "
                  "What the climate gains is modest, and we do not exaggerate it: what counts is "
                  "to have begun.\n"},
        .place = {"", ""},
        .organiser = {"Camille, de Fullmobs", "Camille, of Fullmobs"},
        .quantity_unit = {"e-mails supprimés", "e-mails deleted"},
        .opens_days = -28,
        .closes_days = 2,
        .online = true,
        .minimum = 1000,
        .target = 10000000,
        .party_max = 6,
        .minutes_each = 30,
        .people = DEMO_PARTICIPANTS,
        .quantity = 6800000,
        .notes = {{"Onze ans de bons de réduction. Adieu.", "Eleven years of coupons. Farewell."},
                  {"Avec ma mère, au téléphone, une heure de fou rire.",
                   "With my mother, on the telephone: an hour of giggles."},
                  {"J’ai retrouvé les photos du mariage, cela valait la peine de chercher.",
                   "I found the wedding pictures again: it was worth looking."},
                  {"Tout le bureau s’y est mis à la pause de midi.",
                   "The whole office joined in over lunch."},
                  {"Et je me suis désabonné de quarante lettres.",
                   "And I unsubscribed from forty newsletters."}},
        .claims = {{{"L’électricité de 1 961 ampoules allumées cinq heures par jour pendant un an.",
                     "The electricity of 1,961 bulbs lit five hours a day for a year."},
                    {"Bilan de Fullmobs, 2016", "Fullmobs, report of 2016"}},
                   {{"Autant que 1 000 arbres plantés au Sénégal, dont on dit qu’ils stockent 60 "
                     "tonnes de CO₂ en trente ans.",
                     "As much as 1,000 trees planted in Senegal, said to store 60 tonnes of CO₂ "
                     "over thirty years."},
                    {"Bilan de Fullmobs, 2016", "Fullmobs, report of 2016"}}},
        .factors = {"hours-weeks"},
    },
    {
        .slug = "deux-heures-ensemble",
        .title = {"Deux heures ensemble", "Two hours together"},
        .summary = {"Soixante personnes, deux heures un samedi, et une haie de 300 arbustes autour "
                    "du verger partagé.",
                    "Sixty people, two hours on a Saturday, and a hedge of 300 shrubs around the "
                    "shared orchard."},
        .story = {"Le verger partagé a cinq ans. Ses pommiers donnent, mais le vent du nord brûle "
                  "les jeunes pousses, et les merles "
                  "n’ont nulle part où nicher. Une haie champêtre changerait tout : 300 "
                  "noisetiers, cornouillers et églantiers, "
                  "déjà offerts par la pépinière.\n\n"
                  "À cinq, il nous faudrait l’hiver. **À soixante, il nous faut deux heures.**\n\n"
                  "## Ce que nous ferons\n\n"
                  "- Des équipes de six, avec quelqu’un qui sait et qui montre.\n"
                  "- Les enfants paillent, les grands creusent, chacun à son rythme.\n"
                  "- À la fin, une soupe, et votre prénom sur le plan de la haie.\n\n"
                  "## À apporter\n\n"
                  "Des bottes, des gants si vous en avez. Bêches et brouettes sont sur place.\n",
                  "The shared orchard is five years old. Its apple trees bear, but the north wind "
                  "burns the young shoots, and blackbirds "
                  "have nowhere to nest. A hedge would change everything: 300 hazels, dogwoods and "
                  "wild roses, already given by the nursery.\n\n"
                  "Five of us would need the winter. **Sixty of us need two hours.**\n\n"
                  "## What we will do\n\n"
                  "- Teams of six, with someone who knows how and shows it.\n"
                  "- Children mulch, grown-ups dig, each at their own pace.\n"
                  "- At the end, a soup, and your first name on the plan of the hedge.\n\n"
                  "## What to bring\n\n"
                  "Boots, and gloves if you have some. Spades and wheelbarrows are there.\n"},
        .place = {"Verger partagé, chemin des Aulnes, Crest",
                  "Shared orchard, chemin des Aulnes, Crest"},
        .organiser = {"Nadia, du verger partagé", "Nadia, of the shared orchard"},
        .opens_days = -9,
        .closes_days = 6,
        .minimum = 60,
        .party_max = 6,
        .people = 37,
        .sessions = {{{"Les lève-tôt", "Early birds"}, 1, 10, 2, 24},
                     {{"Après le repas", "After lunch"}, 1, 14, 2, 24},
                     {{"Jusqu’à la soupe", "Until the soup"}, 1, 16, 2, 24}},
        .sessions_count = 3,
    },
    {
        .slug = "repeindre-l-ecole-des-tilleuls",
        .title = {"Repeindre l’école des Tilleuls", "Repainting the Tilleuls school"},
        .summary =
            {"Quatre salles, deux couleurs choisies par les enfants, une journée à quarante.",
             "Four rooms, two colours chosen by the children, one day with forty of us."},
        .story =
            {"Les murs de l’école n’avaient pas été repeints depuis vingt ans. La commune a payé "
             "la peinture, le magasin a prêté "
             "les rouleaux, et **quarante-deux d’entre vous** ont donné un matin ou un "
             "après-midi.\n\n"
             "Les enfants ont retrouvé leurs classes en vert tilleul et en jaune paille. Merci.\n",
             "The school's walls had not been painted for twenty years. The town paid for the "
             "paint, the shop lent the rollers, and "
             "**forty-two of you** gave a morning or an afternoon.\n\n"
             "The children came back to rooms in lime green and straw yellow. Thank you.\n"},
        .place = {"École des Tilleuls, Die", "Tilleuls school, Die"},
        .organiser = {"Les parents d’élèves", "The pupils' parents"},
        .opens_days = -62,
        .closes_days = -33,
        .is_reported = true,
        .minimum = 40,
        .party_max = 4,
        .people = 42,
        .sessions = {{{"Le matin", "Morning"}, -4, 9, 4, 25},
                     {{"L’après-midi", "Afternoon"}, -4, 14, 4, 25}},
        .sessions_count = 2,
        .thanks = {"Les enfants vous ont écrit une carte : elle est au mur du préau. Merci.",
                   "The children wrote you a card: it hangs in the playground. Thank you."},
        .factors = {"hours-weeks"},
    },
    {
        .slug = "un-mois-a-velo",
        .title = {"Un mois à vélo", "A month by bike"},
        .summary = {"Deux cents personnes laissent la voiture au garage pour les trajets du "
                    "quotidien, et comptent leurs kilomètres.",
                    "Two hundred people leave the car at home for their daily ways, and count "
                    "their kilometres."},
        .story =
            {"Pour aller au travail, à l’école, au marché : un mois durant, **chaque kilomètre "
             "pédalé plutôt que conduit compte.** On les note quand on veut, on se croise au "
             "feu rouge, et l’on découvre que la côte n’était pas si raide.\n\n"
             "L’atelier vélo a prêté soixante bicyclettes, et réglé les freins de toutes les "
             "autres.\n",
             "To work, to school, to the market: for a month, **each kilometre pedalled instead of "
             "driven counts.** You note them when you like, you meet at the red light, and you "
             "find out that the hill was not that steep.\n\n"
             "The bike workshop lent sixty bicycles, and adjusted the brakes of all the others.\n"},
        .place = {"Le Val de Drôme", "Val de Drôme"},
        .organiser = {"L’atelier vélo", "The bike workshop"},
        .quantity_unit = {"km à vélo", "km by bike"},
        .opens_days = -75,
        .closes_days = -40,
        .is_reported = true,
        .minimum = 100,
        .target = 12000,
        .party_max = 4,
        .people = 214,
        .quantity = 335000,
        .thanks = {"Quatorze mille kilomètres, trois crevaisons, et plus personne ne parle de la "
                   "côte. Merci à vous toutes et tous : on remet cela au printemps.",
                   "Fourteen thousand kilometres, three flat tyres, and nobody mentions the hill "
                   "any more. Thank you, all of you: again in spring."},
        .notes = {{"Ma fille demande si l’on peut continuer.",
                   "My daughter asks whether we can go on."},
                  {"Sous la pluie aussi, sauf le 12.", "In the rain as well, except on the 12th."},
                  {"J’arrive plus vite qu’en voiture, je ne m’y attendais pas.",
                   "I get there faster than by car, I did not expect that."},
                  {"À soixante-huit ans, premier vélo depuis trente ans. Merci à l’atelier.",
                   "At sixty-eight, my first bike in thirty years. Thanks to the workshop."}},
        .claims = {{{"Dix places de stationnement sont restées vides devant l’école.",
                     "Ten parking places in front of the school stayed empty."},
                    {"Comptage des parents d’élèves, chaque jeudi à 8 h 20",
                     "Counted by parents, each Thursday at 8:20"}}},
        .factors = {"car-to-bike"},
    },
    {
        .slug = "la-traversee-du-lac-a-la-rame",
        .title = {"La traversée du lac à la rame", "Rowing across the lake"},
        .summary =
            {"Vingt barques, quatre-vingts rameurs, pour mesurer l’eau du lac d’une rive à "
             "l’autre.",
             "Twenty boats, eighty rowers, to measure the lake's water from shore to shore."},
        .story = {"Nous voulions prélever l’eau en vingt points le même matin, à la rame pour ne "
                  "rien troubler. Il fallait quatre rameurs "
                  "par barque. Nous n’avons pas été assez nombreux cette fois, et c’est bien ainsi "
                  "que marche une campagne : "
                  "**personne n’est venu pour rien.** Nous en reparlerons au printemps.\n",
                  "We wanted to take water at twenty places on the same morning, rowing so as not "
                  "to disturb it. Each boat needed four rowers. "
                  "We were not enough this time, and that is how a campaign works: **nobody came "
                  "for nothing.** We will try again in spring.\n"},
        .place = {"Ponton des pêcheurs, Paladru", "Fishermen's pier, Paladru"},
        .organiser = {"Les Amis du lac", "Friends of the lake"},
        .opens_days = -45,
        .closes_days = -12,
        .minimum = 80,
        .party_max = 4,
        .people = 31,
        .sessions = {{{"", ""}, -1, 8, 3, 80}},
        .sessions_count = 1,
    },
    {
        .slug = "la-grande-collecte-du-quartier",
        .title = {"La grande collecte du quartier", "The neighbourhood's great food drive"},
        .summary =
            {"Cent vingt personnes pour trier en un samedi huit tonnes de dons, avant l’hiver.",
             "A hundred and twenty people to sort eight tonnes of gifts in one Saturday, before "
             "winter."},
        .story =
            {"Chaque hiver, l’épicerie solidaire reçoit en deux jours ce qu’elle distribue en deux "
             "mois. Il faut peser, vérifier les "
             "dates, ranger. Rien de difficile : **il faut du monde, c’est tout.**\n\n"
             "On trie debout ou assis, on apprend en cinq minutes, et il y a du café.\n",
             "Each winter the solidarity grocery gets within two days what it gives out in two "
             "months. Things are to be weighed, their dates "
             "checked, put away. Nothing difficult: **it takes people, that is all.**\n\n"
             "One sorts standing or sitting, learns it in five minutes, and there is coffee.\n"},
        .place = {"Épicerie solidaire, rue Garibaldi, Lyon",
                  "Solidarity grocery, rue Garibaldi, Lyon"},
        .organiser = {"L’équipe de l’épicerie", "The grocery's team"},
        .opens_days = 5,
        .closes_days = 25,
        .minimum = 120,
        .party_max = 8,
        .sessions = {{{"Matin", "Morning"}, 4, 9, 3, 70},
                     {{"Après-midi", "Afternoon"}, 4, 14, 3, 70}},
        .sessions_count = 2,
    },
    {
        .slug = "sprint-de-traduction",
        .title = {"Un sprint de traduction", "A translation sprint"},
        .summary = {"Trente personnes pour traduire en une soirée le guide d’accueil des nouveaux "
                    "arrivants.",
                    "Thirty people to translate the newcomers' guide in one evening."},
        .story = {"Brouillon : choisir les langues, trouver deux relecteurs pour chacune.\n",
                  "Draft: choose the languages, find two proof-readers for each.\n"},
        .place = {"", ""},
        .organiser = {"Camille, de Fullmobs", "Camille, of Fullmobs"},
        .opens_days = 20,
        .closes_days = 40,
        .is_draft = true,
        .online = true,
        .minimum = 30,
        .party_max = 2,
        .minutes_each = 120,
    },
    {.slug = NULL},
};

const char *const demo_names[] = {
    "Adèle",     "Agathe",    "Aïcha",     "Alain",    "Albane",        "Alexis",
    "Alice",     "Amadou",    "Amélie",    "Amine",    "Anaïs",         "André",
    "Anne",      "Anouk",     "Antoine",   "Apolline", "Arnaud",        "Arthur",
    "Aurélie",   "Axel",      "Baptiste",  "Béatrice", "Benoît",        "Bernard",
    "Bilal",     "Brigitte",  "Bruno",     "Camille",  "Capucine",      "Caroline",
    "Cécile",    "Céline",    "Chantal",   "Charles",  "Chloé",         "Christine",
    "Claire",    "Claude",    "Clémence",  "Clément",  "Colette",       "Corinne",
    "Coumba",    "Damien",    "Daniel",    "David",    "Denis",         "Diane",
    "Dominique", "Élise",     "Élodie",    "Éloïse",   "Émile",         "Emma",
    "Enzo",      "Estelle",   "Étienne",   "Eugénie",  "Fabien",        "Fanny",
    "Farid",     "Fatou",     "Félix",     "Flavie",   "Florence",      "Francis",
    "François",  "Gabriel",   "Gaëlle",    "Gérard",   "Gilles",        "Guillaume",
    "Hamza",     "Hélène",    "Henri",     "Hugo",     "Ibrahim",       "Idriss",
    "Inès",      "Isabelle",  "Jacques",   "Jean",     "Jean-Baptiste", "Jeanne",
    "Joël",      "Joséphine", "Jules",     "Julie",    "Karim",         "Khadija",
    "Kévin",     "Laëtitia",  "Laura",     "Laurent",  "Léa",           "Léo",
    "Léonie",    "Lila",      "Linh",      "Louis",    "Louise",        "Luc",
    "Lucie",     "Madeleine", "Maël",      "Maëlys",   "Malika",        "Mamadou",
    "Manon",     "Marc",      "Margaux",   "Marie",    "Marion",        "Martine",
    "Maryvonne", "Mathilde",  "Mattéo",    "Maxime",   "Mehdi",         "Mélanie",
    "Michel",    "Mireille",  "Mohamed",   "Monique",  "Nadia",         "Nathalie",
    "Nicolas",   "Nina",      "Noé",       "Noémie",   "Nour",          "Odile",
    "Olivier",   "Pascale",   "Patrick",   "Paul",     "Pauline",       "Philippe",
    "Pierre",    "Rachid",    "Raphaël",   "Rémi",     "René",          "Rokia",
    "Romain",    "Rose",      "Sabrina",   "Salomé",   "Samia",         "Samuel",
    "Sandrine",  "Sarah",     "Sébastien", "Simone",   "Solène",        "Sophie",
    "Stéphane",  "Suzanne",   "Sylvie",    "Théo",     "Thérèse",       "Thomas",
    "Tristan",   "Valérie",   "Victor",    "Vincent",  "Violette",      "Virginie",
    "Xavier",    "Yanis",     "Yasmine",   "Yves",     "Zoé",           NULL,
};
