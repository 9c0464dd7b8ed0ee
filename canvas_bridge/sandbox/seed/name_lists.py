"""Given and family names by culture, as plain data. Every person made from them is invented."""

GIVEN_AND_FAMILY: dict[str, tuple[str, str]] = {
    "akan, yoruba and igbo": (
        "Abena Ama Akua Chidera Chinonso Emeka Folasade Ifeoma Kofi Kwame Kwabena Ngozi Olumide Temitope Tunde Yewande",
        "Acheampong Adebayo Adeyemi Asante Balogun Boateng Chukwu Eze Mensah Nwosu Obi Okafor Okonkwo Osei Owusu",
    ),
    "amharic, swahili and shona": (
        "Abebe Amani Biniam Farai Hanna Imani Juma Kidane Lulit Makena Neema Rudo Selam Tariro Wanjiru Zuri",
        "Bekele Chikwanha Desta Haile Kamau Kariuki Moyo Mutasa Mwangi Ndlovu Njoroge Otieno Tadesse Tesfaye Wako",
    ),
    "arabic": (
        "Amira Basma Dalia Fares Hadi Hala Ibtisam Jamil Karim Layla Mariam Nabil Rania Samir Tarek Yasmin",
        "Abboud Al-Amin Bakri Darwish El-Sayed Farouk Haddad Khalil Khoury Mansour Nasser Qasim Saleh Shaheen Zaki",
    ),
    "chinese": (
        "Bohan Chunhua Haoran Jiayi Jingyi Kexin Lihua Meiling Qingyu Ruoxi Shan Weiming Xinyi Yichen Yutong Zihan",
        "Cai Chen Deng Feng Guo Huang Jiang Liang Lin Lu Peng Shen Tang Wu Xiao Zheng",
    ),
    "english, irish and welsh": (
        "Aisling Bronwen Callum Dylan Eleanor Fiona Gareth Hazel Imogen Jasper Kieran Maeve Owen Rhys Rowan Tamsin",
        "Ashdown Byrne Caldwell Driscoll Ellery Fairweather Griffiths Hartley Kavanagh Llewellyn Merrick Pritchard "
        "Sutcliffe Thorne Whitlock",
    ),
    "french and haitian": (
        "Amelie Baptiste Camille Daphnee Etienne Florent Guerline Jocelyn Laurent Maelle Nadege Odile Remy Solange "
        "Thibault Yolette",
        "Aubert Beaulieu Charlot Delacroix Desir Fontenay Jean-Baptiste Lafleur Marchand Moreau Pierre-Louis Renard "
        "Toussaint Valcourt Vernet",
    ),
    "german, dutch and nordic": (
        "Anneke Bastian Dagny Elke Freja Henrik Ingrid Joost Katrin Lasse Mathilde Nils Oskar Saskia Torben Ylva",
        "Bergstrom Brandt De Vries Eriksen Falk Hofmann Jansen Kristensen Lindqvist Nygaard Reinhardt Sorensen "
        "Van Dijk Vogel Westerberg",
    ),
    "greek, turkish and armenian": (
        "Anahit Aylin Baris Deniz Despina Elif Eleni Hovik Ioannis Kerem Lusine Nikos Selin Stavros Tigran Zeynep",
        "Arslan Avakian Celik Demir Galanis Hakobyan Kaya Manoukian Pappas Petrosyan Sahin Stavrou Vassiliou Yildiz",
    ),
    "hindi, bengali and tamil": (
        "Aarav Ananya Arjun Devika Ishaan Kavya Lakshmi Meera Nikhil Priya Rohan Sandhya Sourav Tanvi Uma Vikram",
        "Banerjee Bhatt Chatterjee Desai Ganguly Iyer Joshi Krishnan Mehta Mukherjee Nair Patel Raman Sharma "
        "Subramanian",
    ),
    "japanese and korean": (
        "Akari Daichi Eunji Haruka Hyun Jiho Kaito Minseo Naoko Ren Sakura Seojun Sora Takumi Yuna Yuto",
        "Fujimoto Han Hayashi Ishikawa Jeong Kang Kobayashi Matsuda Nakamura Oh Ryu Seo Shimizu Takeda Yoon",
    ),
    "navajo, hawaiian and maori": (
        "Aroha Haloke Kaimana Keahi Kiri Leilani Makoa Manaia Mahina Nalani Nizhoni Rangi Shadi Tane Wiremu Yanaba",
        "Begaye Benally Hokulani Kahananui Kealoha Manuelito Ngata Nez Parata Tahu Tsosie Waititi Yazzie",
    ),
    "persian, pashto and urdu": (
        "Adeel Bahar Darya Farzana Hamid Iman Kamran Laleh Mehrdad Nasrin Omid Parisa Roya Shireen Soraya Zubair",
        "Ahmadi Baig Durrani Esfahani Farahani Hosseini Javadi Karimi Malik Noori Qureshi Rahimi Siddiqui Tehrani "
        "Yousafzai",
    ),
    "polish, czech and ukrainian": (
        "Agnieszka Bogdan Danuta Halyna Jakub Katarzyna Lubomir Marek Nadia Oksana Pavel Radka Stanislav Tereza "
        "Wojciech Zuzana",
        "Bondarenko Cerny Dvorak Horak Jankowski Kovalenko Lewandowski Malinowski Novotny Pokorny Shevchuk Sikora "
        "Tkachenko Wrobel Zielinski",
    ),
    "spanish and portuguese": (
        "Alejandra Beatriz Camilo Catarina Diego Esperanza Fernanda Gonzalo Ines Joaquim Lucia Mateus Paloma Rafael "
        "Thiago Ximena",
        "Almeida Barbosa Castellanos Cordeiro Echeverria Figueroa Guerrero Ibarra Lozano Montenegro Pacheco Quintero "
        "Ribeiro Saldanha Villanueva",
    ),
    "vietnamese, thai and filipino": (
        "Anong Bayani Chanarong Dalisay Giang Hoang Kim-Ly Ligaya Malee Minh Ngoc Phuong Rizalina Somchai Thanh Tuan",
        "Bautista Boonsri Dang Dela Cruz Dinh Lacson Magsaysay Ngo Phan Reyes Saetang Srisuk Suwan Truong Vo",
    ),
}
"""Culture → given names and family names, separated by blanks. "Van", "De", "Dela" belong to the name after them."""

FAMILY_PREFIXES = frozenset({"Van", "De", "Dela"})
