-- Many rows, for measuring. Read by scripts/seed-load in one psql, as balcao_owner, in one transaction: begin.sql, for
-- each tenant tenant.sql, conversations.sql in portions and deals.sql, end.sql. psql variables: seed. What triggers would only cost
-- (the audit of what nobody did, the queues' handing out) rests until end.sql; foreign keys, checks, policies and the search's words hold as always.
SET client_min_messages = warning;
SET statement_timeout = 0;
SET lock_timeout = '30s';
SET maintenance_work_mem = '512MB';
SET work_mem = '128MB';
SET max_parallel_workers_per_gather = 0;
ALTER TABLE contact DISABLE TRIGGER audit;
ALTER TABLE conversation DISABLE TRIGGER audit;
ALTER TABLE conversation DISABLE TRIGGER touch;
ALTER TABLE conversation DISABLE TRIGGER queue_new;
ALTER TABLE message DISABLE TRIGGER audit_out;
ALTER TABLE deal DISABLE TRIGGER audit;

-- The search's indexes of words are built anew at the end: of one piece, in a third of the time.
CREATE TEMP TABLE built_later ON COMMIT DROP AS
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS def FROM pg_index
WHERE indexrelid IN ('message_search'::regclass, 'contact_search'::regclass);
DO $$ DECLARE n text; BEGIN FOR n IN SELECT name FROM built_later LOOP EXECUTE 'DROP INDEX ' || n; END LOOP; END $$;

-- Chance that is the same for the same seed: a number from 0 to below n for thing i of kind salt.
CREATE FUNCTION pg_temp.dice(salt text, i bigint, n int) RETURNS int LANGUAGE sql IMMUTABLE
  RETURN ((hashtextextended(salt || i, :seed) >> 3) & 1152921504606846975) % n;
-- An id like app.uuid7's, of that instant.
CREATE FUNCTION pg_temp.id(salt text, i bigint, at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE
  RETURN (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(:seed || salt || i), 1, 3)
    || '8' || substr(md5(:seed || salt || i), 4, 15))::uuid;
CREATE FUNCTION pg_temp.of(list text[], n int) RETURNS text LANGUAGE sql IMMUTABLE RETURN list[1 + n % cardinality(list)];

CREATE TEMP TABLE words (kind text PRIMARY KEY, list text[] NOT NULL) ON COMMIT DROP;
INSERT INTO words VALUES
('first', '{Adriana,Ágata,Alessandra,Alice,Aline,Amanda,Ana,Anderson,André,Antônio,Aparecida,Artur,Beatriz,Benedito,Bianca,Bruna,Bruno,Caio,Camila,Carla,Carlos,Cecília,Célia,Cíntia,Cláudia,Cristiano,Daniel,Danilo,Débora,Denise,Diego,Edna,Eduardo,Elaine,Eliane,Emília,Enzo,Érica,Estêvão,Fabiana,Fábio,Felipe,Fernanda,Flávia,Francisco,Gabriel,Geraldo,Giovana,Gláucia,Graça,Guilherme,Gustavo,Heitor,Helena,Henrique,Iara,Igor,Inês,Íris,Isabel,Ivan,Jacira,Jaqueline,João,Joaquim,Jorge,José,Joana,Júlia,Juliana,Karina,Laís,Larissa,Leandro,Leonardo,Letícia,Lívia,Lorena,Lúcia,Luciano,Luís,Luíza,Maíra,Manuela,Marcelo,Márcia,Marcos,Maria,Mariana,Mário,Marlene,Mateus,Maurício,Miguel,Mônica,Murilo,Natália,Neide,Nelson,Otávio,Patrícia,Paulo,Pedro,Priscila,Rafael,Raimunda,Raquel,Regina,Renata,Ricardo,Rita,Roberto,Rodrigo,Rogério,Rosa,Rui,Samuel,Sandra,Sebastião,Sérgio,Sílvia,Simone,Sofia,Sônia,Tainá,Tatiane,Teresa,Thiago,Tomás,Valéria,Vanessa,Vera,Vicente,Vinícius,Vítor,Wagner,Wellington,Yasmin,Zélia,Zuleica}'),
('last', '{Abreu,Aguiar,Alencar,Almeida,Alves,Amaral,Andrade,Antunes,Aragão,Araújo,Assis,Azevedo,Bandeira,Barbosa,Barreto,Barros,Bastos,Batista,Bezerra,Bittencourt,Borges,Braga,Brandão,Brito,Bueno,Cabral,Caldeira,Camargo,Campos,Cardoso,Carneiro,Carvalho,Castro,Cavalcanti,Chaves,Coelho,Conceição,Cordeiro,Corrêa,Costa,Coutinho,Couto,Cunha,Damasceno,Dantas,Dias,Diniz,Domingues,Duarte,Esteves,Farias,Fernandes,Ferraz,Ferreira,Figueiredo,Fonseca,Fontes,Fraga,França,Freire,Freitas,Furtado,Galvão,Garcia,Godoy,Gomes,Gonçalves,Guedes,Guerra,Guimarães,Holanda,Jardim,Leal,Leite,Lemos,Lima,Lobo,Lopes,Macedo,Machado,Maciel,Magalhães,Maia,Marinho,Marques,Martins,Matos,Medeiros,Meireles,Melo,Mendes,Menezes,Miranda,Monteiro,Moraes,Moreira,Mota,Moura,Muniz,Nascimento,Neves,Nogueira,Novaes,Nunes,Oliveira,Pacheco,Paiva,Peixoto,Pereira,Pimentel,Pinheiro,Pinto,Pires,Prado,Queiroz,Ramos,Rangel,Rezende,Ribeiro,Rocha,Rodrigues,Salgado,Sales,Sampaio,Santana,Santos,Saraiva,Silva,Silveira,Siqueira,Soares,Souza,Tavares,Teixeira,Teles,Toledo,Torres,Trindade,Vargas,Vasconcelos,Vaz,Veloso,Viana,Vidal,Vieira,Xavier}'),
('firm', '{Padaria,Mercado,Auto Peças,Escola,Clínica,Construtora,Distribuidora,Floricultura,Papelaria,Restaurante,Oficina,Transportes,Confecções,Farmácia,Imobiliária,Laticínios,Gráfica,Contabilidade,Pousada,Móveis}'),
('place', '{Betim,Campinas,Caruaru,Caxias do Sul,Contagem,Criciúma,Curitiba,Divinópolis,Feira de Santana,Florianópolis,Fortaleza,Goiânia,Ipatinga,João Pessoa,Joinville,Juiz de Fora,Londrina,Maceió,Maringá,Montes Claros,Natal,Niterói,Ouro Preto,Pelotas,Piracicaba,Poços de Caldas,Recife,Ribeirão Preto,Salvador,Santa Maria,São Luís,Sete Lagoas,Sobral,Sorocaba,Taubaté,Teresina,Uberaba,Uberlândia,Vila Velha,Vitória}'),
('area', '{11,12,15,16,19,21,27,31,32,33,34,35,37,38,41,43,47,48,51,54,61,62,71,75,79,81,82,83,84,85,86,88,91,98}'),
('thing', '{mesa de jantar,estante,armário da cozinha,porta de correr,orçamento da varanda,plano mensal,boleto,nota fiscal,segunda via,garantia,instalação,entrega de sábado,visita técnica,tampo de mármore,sofá de três lugares,cadeira de escritório,reforma do banheiro,pintura da fachada,assinatura anual,consulta de retorno,exame,avaliação,encomenda,troca,devolução,guarda-roupa,bancada,pergolado,escrivaninha,prateleira,luminária,persiana,tapete,colchão,geladeira,fogão,lavadora,ar-condicionado,aquecedor,bicicleta}'),
('in', '{"Bom dia! Vocês fazem %s sob medida?","Oi, tudo bem? Queria saber o preço: %s.","Boa tarde, ainda não recebi %s. Consegue ver para mim?","O pedido %2$s já saiu?","Perfeito, pode fechar então.","Obrigada!","Preciso remarcar, surgiu uma viagem. Pode ser quinta?","Vocês parcelam? Em quantas vezes?","Segue o endereço: rua das Acácias, %2$s, apartamento 302.","Consigo retirar na loja hoje até as 18h?","Gostei muito, mas achei caro. Tem desconto à vista?","A cor que eu escolhi foi a clara, confere?","Meu marido vai passar aí para buscar.","Está com defeito: %s não funciona desde ontem.","Qual o prazo para %s?","Bom dia, alguém pode me ligar sobre %s?","Mandei o comprovante agora há pouco.","Então fica para a semana que vem, combinado.","Não entendi a diferença entre os dois planos.","Pode me mandar fotos de %s?","É para um presente, dá para embrulhar?","Vi o anúncio de vocês. Ainda tem %s?","Aceita cartão na entrega?","O protocolo é %2$s, já estou esperando há três dias.","Ok, aguardo.","Sim, pode ser.","Que horas vocês abrem no sábado?","Esqueci de dizer: o CEP mudou.","Quero cancelar %s, por favor.","Ficou lindo, adorei! Parabéns pelo capricho."}'),
('out', '{"Bom dia! Fazemos sim. Pode me passar as medidas?","Oi! O valor de %s fica em R$ %2$s,00, em até 6 vezes sem juros.","Vou verificar com a equipe e já respondo.","Seu pedido %2$s saiu hoje cedo; chega até amanhã às 18h.","Combinado! Deixei marcado aqui.","Disponha, qualquer coisa é só chamar.","Quinta às 14h ou sexta às 9h, o que fica melhor?","Parcelamos em até 10 vezes no cartão.","Recebi o comprovante, obrigado! Já liberei %s.","O prazo para %s é de 15 dias úteis.","Consigo 5%% à vista. Posso gerar o boleto?","Sinto muito pelo transtorno. Vou abrir um chamado para %s agora.","Nosso técnico passa aí amanhã entre 8h e 12h.","Abrimos aos sábados das 9h às 13h.","Enviei a proposta por e-mail, confere por favor?","Pode ficar tranquila, o número é %2$s e eu mesmo acompanho.","Cancelado, sem custo nenhum.","Temos sim, em duas cores.","Que bom que gostou! Se puder, deixe uma avaliação para a gente.","Anotado. Mais alguma coisa?"}'),
('note', '{"Cliente antigo, tratar com carinho.","Ligar antes de ir.","Já reclamou duas vezes da entrega.","Fechou por telefone, falta o contrato.","Pediu para não ligar depois das 18h."}'),
('tag', '{VIP,Orçamento,Retorno,Reclamação,Atacado,Urgente,Pós-venda,Indicação,Financeiro,Garantia,Inadimplente,Parceiro}'),
('step', '{Ligar para confirmar,Enviar proposta,Medir no local,Cobrar resposta,Agendar visita,Revisar contrato}'),
('reason', '{Preço,Comprou do concorrente,Sem resposta,Adiou o projeto,Prazo de entrega}');
CREATE FUNCTION pg_temp.word(k text, n int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT pg_temp.of(w.list, n) FROM pg_temp.words w WHERE w.kind = k $$;
-- What was said: n chooses the sentence, m fills its blanks.
CREATE FUNCTION pg_temp.said(list text[], things text[], n int, m int) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN format(pg_temp.of(list, n), pg_temp.of(things, m), 1000 + m % 90000);
